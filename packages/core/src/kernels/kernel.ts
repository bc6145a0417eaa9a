import type { CovarianceType } from "../covariance/types.ts";
import type { Dtype, TileRange } from "../points/tiles.ts";
import type { Measure } from "../statistics/frames.ts";
import type { PairLists } from "./pair-lists.ts";

/** The arithmetic of the products and sums over points. */
export type Arithmetic = "f64" | "f32";

/** "simd" and "simd256" agree bit for bit; "reference" may differ from them in the last bits. */
export type KernelKind = "reference" | "simd" | "simd256";

/** All that a kernel is specialised for. */
export interface KernelShape {
  readonly features: number;
  readonly components: number;
  readonly covarianceType: CovarianceType;
  readonly dtype: Dtype;
  readonly tileSize: number;
}

/** What `evaluate` fills; arrays over all n points, as they are stored. */
export interface Evaluation {
  /** n: log density of each point */
  readonly logDensities?: Float64Array;
  /** n × k: log π_c + log N(x; μ_c, Σ_c) */
  readonly logJoint?: Float64Array;
  /** n × k: responsibilities, rows sum to 1 */
  readonly responsibilities?: Float64Array;
  /** n: −Σ_c r_c log r_c of the responsibilities of each point */
  readonly entropies?: Float64Array;
  /** n: index of the most probable component, the lower one of a tie */
  readonly labels?: Int32Array;
  /** n × top: the components with the greatest responsibilities, the greatest first (reference/takers.ts) */
  readonly topComponents?: Int32Array;
  /** n × top: those responsibilities */
  readonly topResponsibilities?: Float64Array;
}

/**
 * The hot loops over tiles, for one shape and one thread. A kernel keeps the parameters that it was given last. It
 * checks nothing and throws nothing.
 */
export interface Kernel {
  readonly kind: KernelKind;
  /** in: parameters, `densityLayout`; measured, whether they include a measure */
  load(parameters: Float64Array, measured: boolean): void;
  /**
   * E and M for some tiles, with the parameters that were loaded. With lists, a kernel may leave out the pairs that they
   * prove to be 0, and keeps the lists of these tiles; the bits are the same.
   * out: slot, `statisticsLayout`, overwritten; with rows, which only kernels with lists write, a head and rows
   * (statistics/rows.ts)
   */
  expectation(range: TileRange, slot: Float64Array, lists?: PairLists, rows?: Float64Array): void;
  /** in: what `moments` measures from */
  loadMeasure(measure: Measure): void;
  /**
   * M alone for some tiles: a point belongs to one component.
   * in: labels, the component of each point of the tiles. out: slot and rows, as of `expectation`
   */
  moments(range: TileRange, labels: Int32Array, slot: Float64Array, rows?: Float64Array): void;
  /**
   * E alone, with results for every point. With stands (`PairLists`), or with lists, which are kept on the way, a kernel may
   * leave out components that the rule of zero drops; the bits are the same. They are for evaluations without `logJoint`.
   */
  evaluate(range: TileRange, evaluation: Evaluation, stands?: Float64Array, lists?: PairLists): void;
}
