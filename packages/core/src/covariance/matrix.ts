import type { Columns } from "../linear-algebra/low-rank.ts";
import type { Regularization } from "./regularization.ts";

/** A covariance Σ with its factor W = L⁻¹, Σ = L Lᵀ, both packed (diagonal and scalar: variances and 1/σ). */
export interface Matrix {
  readonly covariance: Float64Array;
  readonly factor: Float64Array;
  /** G with Σ = G Gᵀ, where it is known; a floor makes it that of Σ = F + G Gᵀ */
  directions?: Columns | undefined;
}

/** A covariance of an M-step, with measures of how far it can be trusted. */
export interface EstimatedMatrix extends Matrix {
  /** variance inflation of the scatter in its frame; ∞ if it has no Cholesky factor */
  readonly inflation: number;
  /** true if the covariance is singular; its factor is then that of a slightly larger matrix */
  readonly singular: boolean;
}

/** The scatter that a matrix is estimated from. */
export interface Scatter {
  /** S about the pivots, packed, in the frame */
  readonly sums: Float64Array;
  /** N, summed over all parts */
  readonly mass: number;
  /** the components whose points the scatter includes */
  readonly parts: readonly ScatterPart[];
  /** F, or null if S is a scatter of x − pivot itself */
  readonly frame: Float64Array | null;
  /** d: the variance of the rounding of the means, which replaces a variance of exactly 0 */
  readonly least: Float64Array;
  /** true: the factor may stay as rounding leaves it; `MatrixForm.refined` */
  readonly rough?: boolean;
}

/** How far a new mean is from its pivot: δ as two doubles, d each. */
export interface ScatterPart {
  readonly mass: number;
  readonly shift: Float64Array;
  readonly shiftRest: Float64Array;
}

/** A matrix and its share in a weighted sum; share > 0. */
export interface Term extends Matrix {
  readonly share: number;
}

/** share · v vᵀ in a weighted sum. in: v, d */
export interface OuterProduct {
  readonly share: number;
  readonly vector: Float64Array;
}

export interface ShrinkageOptions {
  /** d: F, if Σ_after is F + G Gᵀ where its directions are known */
  readonly base?: Float64Array;
  /** a bound below this need not be close, as one below 64 never does */
  readonly enough?: number;
}

/** All that differs between the kinds of matrix: operations on one matrix, d × d. */
export interface MatrixForm {
  /** How many numbers a packed matrix has; also its number of free parameters. */
  length(features: number): number;
  /** How many numbers its public form has. */
  publicLength(features: number): number;
  /** How many features share a variance: d for a scalar, otherwise 1. */
  featuresPerVariance(features: number): number;
  /**
   * Makes what finds covariances about the new means (derivation.md eq. 9–12), one after the other: each is valid until the
   * next. A covariance without mass is NaN.
   */
  estimator(features: number): (scatter: Scatter) => EstimatedMatrix;
  /** The factor that an estimate outside frames has unless it is rough. in: a rough one, and its inflation */
  refined(rough: Matrix, inflation: number, features: number): Float64Array;
  /**
   * Makes what finds Σ share · Σ_i + Σ share · v vᵀ, one sum after the other: each is valid until the next. The factor is not
   * finite if the sum is singular.
   */
  adder(features: number): (terms: readonly Term[], outers: readonly OuterProduct[]) => Matrix;
  /** Applies floor and ridge in place. out: in how many directions the floor raised it */
  regularize(matrix: Matrix, regularization: Regularization): number;
  /** W; or, if Σ is not positive definite, the size of the largest leading part that is. */
  factorize(covariance: Float64Array, features: number): Float64Array | number;
  /** max_j Σ_jj (Σ⁻¹)_jj; 1 without correlations. */
  inflation(matrix: Matrix, features: number): number;
  /** The same of F Σ Fᵀ. in: frame F */
  inflationInFrame(matrix: Matrix, frame: Float64Array, features: number): number;
  /** How far a mean moved, in variances, which says how many digits δδᵀ costs the covariance. in: δ_j², Σ_jj, d each */
  move(squares: Float64Array, variances: Float64Array): number;
  /**
   * At least max_v vᵀΣ_before v / vᵀΣ_after v / d, and close to it if that is large.
   */
  shrinkage(before: Matrix, after: Matrix, features: number, options?: ShrinkageOptions): number;
  /** Finds tr(W Σ Wᵀ) with the factor of one and the covariance of another; NaN if they are not finite. */
  spread(of: Matrix, features: number): (factor: Float64Array) => number;
  /** max_i Σ_j (W_ij h_j)². in: steps h, d */
  greatestRow(factor: Float64Array, steps: Float64Array): number;
  /** How many singular values of diag(1/h) L exceed 1; a feature without spread has none. in: steps h, d */
  rank(matrix: Matrix, steps: Float64Array): number;
  /** The diagonal of a packed covariance or factor. out: d */
  diagonal(packed: Float64Array, features: number, out?: Float64Array): Float64Array;
  /** The matrix for the points x · 2^exponent. in: exponents, d */
  rescale(matrix: Matrix, exponents: readonly number[]): Matrix;
  /** variance · I, packed. */
  isotropic(variance: number, features: number): Float64Array;
  /** L, packed like W. */
  root(matrix: Matrix, features: number): Float64Array;
  /** At least the root of the largest eigenvalue of (WᵀW)⁻¹, apart from rounding. */
  width(factor: Float64Array, features: number): number;
  /** A v for a packed factor or root. in: v, d. out: d */
  multiply(packed: Float64Array, vector: Float64Array, out: Float64Array): void;
  /** A B⁻¹ of packed factors. */
  divide(packed: Float64Array, by: Float64Array, features: number): Float64Array;
  /** Is every |A v|² less than limit · |v|²? in: A, packed like a factor */
  stretchesBelow(packed: Float64Array, limit: number, features: number): boolean;
  /** Public form of a covariance: d × d numbers, d, or 1. */
  expandCovariance(covariance: Float64Array, features: number): Float64Array;
  /** Public form of a factor: upper triangular U = Wᵀ, U Uᵀ = Σ⁻¹, shaped like the covariance. */
  expandFactor(factor: Float64Array, features: number): Float64Array;
  /** The inverse of `expandCovariance`. */
  pack(covariance: Float64Array, features: number): Float64Array;
  /** The first entry of a public covariance that differs from its mirror image, relative to its variances; or null. */
  asymmetry(
    covariance: Float64Array,
    features: number,
    tolerance: number,
  ): readonly [row: number, column: number] | null;
  /** Is Σ = L Lᵀ with L = W⁻¹, each entry on the scale of its two variances? */
  agrees(matrix: Matrix, features: number, tolerance: number): boolean;
  /**
   * The power of det W in the density of the conjugate prior (derivation.md eq. 31), for a covariance and the means
   * that share it. in: degrees of freedom ν₀; means, how many
   */
  priorPower(degreesOfFreedom: number, means: number, features: number): number;
}
