import type { StatisticsLayout } from "../sufficient-statistics.ts";
import { diag } from "./diag.ts";
import { full } from "./full.ts";
import type { Regularization } from "./regularization.ts";
import { spherical } from "./spherical.ts";
import { tied } from "./tied.ts";

/** The four shapes of covariance; names as in scikit-learn. */
export type CovarianceType = "full" | "tied" | "diag" | "spherical";

/**
 * All that differs between the covariance types, one object each. Covariances and their factors W = L⁻¹ are packed
 * alike (`scatterLength`): full k lower triangles, tied one, diag k × d, spherical k; of the last two, variances and
 * 1/σ. `expand…` gives the public shapes of scikit-learn.
 */
export interface CovarianceForm {
  /** Free parameters of the covariances. */
  parameterCount(components: number, features: number): number;
  /**
   * M-step of the covariances (derivation.md eq. 9–12). Entries of components without mass are meaningless.
   * in: slot, `layout`; shifts δ = s/N, k × d. out: packed covariances
   */
  estimate(slot: Float64Array, layout: StatisticsLayout, shifts: Float64Array): Float64Array;
  /** Copies one component's packed covariance; a shared one stays. */
  keep(covariances: Float64Array, from: Float64Array, component: number, features: number): void;
  /** Applies floor and ridge in place. out: the components it changed */
  regularize(covariances: Float64Array, components: number, features: number, rule: Regularization): number[];
  /** Packed W; or the first component whose covariance is not positive definite. */
  factorize(covariances: Float64Array, components: number, features: number): Float64Array | { collapsed: number };
  /** log det W_c. out: k */
  logDeterminants(factors: Float64Array, components: number, features: number): Float64Array;
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
  scale(covariances: Float64Array, component: number, normals: Float64Array, out: Float64Array): void;
  /** W_c v. in: v, d. out: d */
  whiten(factors: Float64Array, component: number, vector: Float64Array, out: Float64Array): void;
}

const FORMS: Readonly<Record<CovarianceType, CovarianceForm>> = { full, tied, diag, spherical };

export const COVARIANCE_TYPES: readonly CovarianceType[] = ["full", "tied", "diag", "spherical"];

export function covarianceForm(type: CovarianceType): CovarianceForm {
  return FORMS[type];
}
