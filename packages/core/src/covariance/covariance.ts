import type { Frames } from "../statistics/frames.ts";
import type { StatisticsLayout } from "../statistics/sufficient-statistics.ts";
import type { Blend } from "./blend.ts";
import { diag } from "./diag.ts";
import { full } from "./full.ts";
import type { Regularization } from "./regularization.ts";
import { spherical } from "./spherical.ts";
import { tied } from "./tied.ts";
import type { CovarianceType } from "./types.ts";

/**
 * Covariances with their factors W = L⁻¹, packed alike (`scatterLength`): full k lower triangles, tied one, diag k × d,
 * spherical k; of the last two, variances and 1/σ.
 */
export interface Covariances {
  readonly packedCovariances: Float64Array;
  readonly factors: Float64Array;
}

/** The statistics of a step, as covariances are estimated from them. */
export interface Moments {
  /** rounded statistics, in `layout` */
  readonly slot: Float64Array;
  readonly layout: StatisticsLayout;
  /** δ = s/N, k × d */
  readonly shifts: Float64Array;
  /** what the division left out of them, k × d */
  readonly shiftRests: Float64Array;
  readonly frames: Frames;
  /** k × d: the variance of the rounding of each mean; stands in for a variance of exactly 0 */
  readonly least: Float64Array;
}

/** Covariances of an M-step, and how far they can be trusted. */
export interface EstimatedCovariances extends Covariances {
  /** k: variance inflation of the scatter in its frame; ∞ where it has no Cholesky factor */
  readonly inflations: Float64Array;
  /** k: 1 where the covariance is singular, so that its factor is one of a slightly larger matrix */
  readonly singular: Uint8Array;
}

/** The first component whose covariance is not positive definite, and how far its Cholesky factor went. */
export interface Singular {
  readonly collapsed: number;
  readonly rank: number;
}

/** A component that a floor held up, and in how many directions it stood by itself. */
export interface Floored {
  readonly component: number;
  readonly rank: number;
}

/** All that differs between the covariance types, one object each. `expand…` gives the public shapes of scikit-learn. */
export interface CovarianceForm {
  /** Free parameters of the covariances. */
  parameterCount(components: number, features: number): number;
  /** M-step of the covariances (derivation.md eq. 9–12). Entries of components without mass are meaningless. */
  estimate(moments: Moments): EstimatedCovariances;
  /** Covariances of data and a prior, in shares. in: prior, of one component */
  blend(data: Covariances, prior: Covariances, shares: Blend): Covariances;
  /** tr(W_c Σ_c W_cᵀ) of the factors of one and the covariances of another; NaN where those are not finite. out: k */
  spreads(factors: Float64Array, of: Covariances, components: number, features: number): Float64Array;
  /** Copies one component's covariance and factor; a shared one stays. */
  keep(to: Covariances, from: Covariances, component: number, features: number): void;
  /** Copies the covariance of one component to another in place; a shared one stays. */
  copy(covariances: Covariances, from: number, to: number, features: number): void;
  /** Applies floor and ridge in place. out: the components that the floor changed */
  regularize(covariances: Covariances, components: number, features: number, rule: Regularization): Floored[];
  /** Packed W; or the first component whose covariance is not positive definite. */
  factorize(covariances: Float64Array, components: number, features: number): Float64Array | Singular;
  /** max_j Σ_jj (Σ⁻¹)_jj of every component; 1 where there are no correlations. out: k */
  inflations(covariances: Covariances, components: number, features: number): Float64Array;
  /**
   * How far the means moved in the step, as a square in variances: what δδᵀ costs the covariances in digits.
   * in: shifts, variances k × d; masses k. out: k
   */
  moves(shifts: Float64Array, masses: Float64Array, variances: Float64Array): Float64Array;
  /** At least max_v vᵀΣ_old v / vᵀΣ_new v / d, and not much more where that is large. out: k */
  shrinkages(before: Covariances, after: Covariances, components: number, features: number): Float64Array;
  /** max_i Σ_j (W_ij h_j)². in: steps h, d */
  greatestRow(factors: Float64Array, component: number, steps: Float64Array): number;
  /** Singular values of diag(1/h) L, in any order; 0 for a feature without spread. in: steps h, d. out: d */
  widths(covariances: Covariances, component: number, steps: Float64Array): Float64Array;
  /** Σ_jj of every component. out: k × d */
  variances(covariances: Float64Array, components: number, features: number): Float64Array;
  /** W_jj of one component. out: d */
  factorDiagonal(factors: Float64Array, component: number, features: number): Float64Array;
  /** The covariances of the points x · 2^exponent. in: exponents, d */
  rescale(covariances: Covariances, exponents: readonly number[]): Covariances;
  /** Public `covariances`: k × d × d, d × d, k × d or k. */
  expandCovariances(covariances: Float64Array, components: number, features: number): Float64Array;
  /** Public `precisionsCholesky`: upper triangular U = Wᵀ, U Uᵀ = Σ⁻¹; shapes as the covariances. */
  expandFactors(factors: Float64Array, components: number, features: number): Float64Array;
  /** The inverse of `expandCovariances`. */
  pack(covariances: Float64Array, components: number, features: number): Float64Array;
  /** variance · I for every component, packed. */
  isotropic(variance: number, components: number, features: number): Float64Array;
  /** Numbers in the public covariances. */
  publicLength(components: number, features: number): number;
  /** Turns standard normals into a draw about 0. in: normals, d. out: d */
  scale(covariances: Covariances, component: number, normals: Float64Array, out: Float64Array): void;
  /** W_c v. in: v, d. out: d */
  whiten(factors: Float64Array, component: number, vector: Float64Array, out: Float64Array): void;
}

const FORMS: Readonly<Record<CovarianceType, CovarianceForm>> = { full, tied, diag, spherical };

export function covarianceForm(type: CovarianceType): CovarianceForm {
  return FORMS[type];
}
