import type { CovarianceType } from "./covariance/covariance.ts";
import { scatterLength } from "./covariance/shape.ts";
import type { GaussianMixture } from "./gaussian-mixture.ts";

/**
 * A mixture as the kernels read it, flat in one array so that it crosses to a worker in one copy:
 *   k log constants      log π_c + log det W_c − (d/2) log 2π        (a component of weight 0: NEGLIGIBLE)
 *   k zero thresholds    β_c of the rule of zero (docs/numerics.md)
 *   k × d pivots         hi words of the means
 *   k × d biases         W_c · lo_c, the low words of the means as the factor sees them
 *   factors              W_c = L_c⁻¹: full k packed triangles, tied one, diag k × d of 1/σ, spherical k of 1/σ
 */
export interface DensityLayout {
  readonly components: number;
  readonly features: number;
  readonly covarianceType: CovarianceType;
  /** offsets */
  readonly logConstants: number;
  readonly zeroThresholds: number;
  readonly pivots: number;
  readonly biases: number;
  readonly factors: number;
  /** numbers in all */
  readonly length: number;
}

export function densityLayout(components: number, features: number, covarianceType: CovarianceType): DensityLayout {
  const zeroThresholds = components;
  const pivots = 2 * components;
  const biases = pivots + components * features;
  const factors = biases + components * features;
  const length = factors + scatterLength(components, features, covarianceType);
  return { components, features, covarianceType, logConstants: 0, zeroThresholds, pivots, biases, factors, length };
}

/** Log constant of a component that cannot claim a point: finite, so that no kernel meets ∞ − ∞. */
export const NEGLIGIBLE = -1e300;

/** Squared distances are clamped here, so that far points give a tiny density and never ∞. */
export const FARTHEST = 1e300;

/** A zero threshold that never fires: the step is then done without the rule of zero. */
export const NO_RULE = 1e300;

export interface DensityOptions {
  /** false: no responsibility is rounded to 0. Default true. */
  readonly ruleOfZero?: boolean;
}

/** The parameters of the density of a mixture, in `densityLayout`. */
export function densityParameters(mixture: GaussianMixture, { ruleOfZero = true }: DensityOptions = {}): Float64Array {
  const { components, features, covarianceType } = mixture;
  const layout = densityLayout(components, features, covarianceType);
  const parameters = new Float64Array(layout.length);
  parameters.set(mixture.means, layout.pivots);
  parameters.set(mixture.factors, layout.factors);
  return parameters;
}
