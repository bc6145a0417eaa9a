import type { Seed } from "./random.ts";

// What the methods of GaussianMixture take and give.

/** What the method `sample` takes besides the count. */
export interface SampleOptions {
  /** The same seed draws the same points. Default 0. */
  readonly seed?: Seed;
}

/** Points that were drawn. */
export interface Sample {
  /** count × d, row-major */
  readonly points: Float64Array;
  /** count: the component that each point was drawn from */
  readonly labels: Int32Array;
}

/** What the method `outlier` takes besides the fraction. */
export interface OutlierOptions {
  /** The log density below which a point is an outlier. Default: the quantile of these points at `fraction`. */
  readonly threshold?: number;
}

/** What the method `predictClusters` takes besides the points. */
export interface ClusterOptions {
  /** k: the cluster of each component, from 0, as a `Clustering` has it */
  readonly clusterOf: ArrayLike<number>;
}

/** What the method `conditional` takes. */
export interface ConditionalOptions {
  /** the values of the features that are known, by their numbers from 0 */
  readonly given: Readonly<Record<number, number>>;
}

/** What the method `regress` takes besides the points. */
export interface RegressionOptions {
  /** the features that the points have, by their numbers from 0 */
  readonly given: readonly number[];
}
