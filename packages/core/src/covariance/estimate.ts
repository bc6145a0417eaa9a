import { Matrix, SingularValueDecomposition } from "ml-matrix";
import {
  cholesky,
  covarianceOf,
  invertTriangle,
  multiplyTriangles,
  refineInverse,
} from "../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";

// The covariance of one matrix from its scatter about the new mean, for full and tied.

/** A covariance with its factor W; `inflation` and `singular` as in `EstimatedCovariances`. */
export interface EstimatedMatrix {
  readonly covariance: Float64Array;
  readonly factor: Float64Array;
  readonly inflation: number;
  readonly singular: boolean;
}

/** Features up to which a factor is refined: d³ operations in two doubles, on one thread, are too slow beyond. */
const MOST_REFINED = 16;
/** Inflation up to which a factor is near enough to be refined by one step; far beyond that it is framed. */
const REFINABLE = 2 ** 20;

/** A variance of exactly 0 in a frame is taken for this: the frame's own units are standard deviations. */
const LEAST_FRAMED = 2 ** -104;

/**
 * Scatter M in the frame F → R = chol M, W = R⁻¹F, Σ = L Lᵀ with L = W⁻¹ (derivation.md eq. 27); without a frame Σ = M.
 * in: M, packed, overwritten; scales, d: what the diagonal was before φφᵀ was taken off; least, d: stands in for 0
 */
export function estimateMatrix(
  scatter: Float64Array,
  frame: Float64Array | null,
  scales: Float64Array,
  least: Float64Array,
): EstimatedMatrix {
  const features = least.length;
  const unseen = frame === null ? least : least.map(() => LEAST_FRAMED);
  const zeros = raiseZeros(scatter, unseen);
  const thin = frame === null ? 0 : thinIn(scatter, features);
  const exact = cholesky(scatter, features, 0, thin);
  const root = exact ?? nudgedFactor(scatter, thin, scales, unseen);
  // Not finite: no second look can mend that.
  if (root === null)
    return { covariance: scatter, factor: scatter.map(() => Number.NaN), inflation: 1, singular: true };
  const inverse = invertTriangle(root, features);
  const inflation = exact === null ? Number.POSITIVE_INFINITY : inflationOf(scatter, inverse, features);
  const singular = zeros || exact === null;
  if (frame === null) {
    if (features <= MOST_REFINED && inflation < REFINABLE) refineInverse(inverse, scatter, features);
    return { covariance: scatter, factor: inverse, inflation, singular };
  }
  const factor = multiplyTriangles(inverse, frame, features);
  return { covariance: covarianceOf(factor, features), factor, inflation, singular };
}

/** What rounding leaves of a direction without any width, in a frame whose units are standard deviations. */
function thinIn(scatter: Float64Array, features: number): number {
  let widest = 0;
  for (let j = 0; j < features; j++) widest = Math.max(widest, scatter[triangleRow(j) + j]);
  return Number.EPSILON * Math.min(widest, 1);
}

/** Variances of exactly 0, whose rows are 0 as well: no second look can tell more of them. */
function raiseZeros(scatter: Float64Array, least: Float64Array): boolean {
  let some = false;
  for (let j = 0; j < least.length; j++) {
    const diagonal = triangleRow(j) + j;
    if (scatter[diagonal] !== 0) continue;
    scatter[diagonal] = least[j];
    some = true;
  }
  return some;
}

/**
 * The factor of a matrix that is singular, or indefinite by rounding: its diagonal is raised by the rounding of what it
 * was computed from, then by more, until it has one. In a frame rounding is the same for all directions, thin ones too;
 * what is added then is as well, so that wide ones do not notice. Null where the matrix is not finite.
 */
function nudgedFactor(
  matrix: Float64Array,
  thin: number,
  scales: Float64Array,
  least: Float64Array,
): Float64Array | null {
  const rounding = 16 * least.length * Number.EPSILON;
  for (let growth = 1; growth < 2 ** 120; growth *= 256) {
    const raised = matrix.slice();
    for (let j = 0; j < least.length; j++) {
      const diagonal = triangleRow(j) + j;
      const variance = raised[diagonal];
      const scale = Math.max(Math.abs(variance), scales[j], least[j]);
      const more = thin > 0 ? LEAST_FRAMED * Math.max(scale, 1) : rounding * scale;
      raised[diagonal] = Math.max(variance, 0) + rounding * scale + growth * more;
    }
    const factor = cholesky(raised, least.length, 0, thin);
    if (factor !== null) return factor;
  }
  return null;
}

/**
 * Variance inflation beyond which a scatter is taken in the frame of the factor, and covariances are added by their factors:
 * a sum of products has an error of inflation · 2⁻⁵².
 */
export const MOST_INFLATION = 100;

/** Variance inflation, max_j Σ_jj Σ_i W_ij²: free of order and scale, between κ(correlations)/d² and κ. */
export function inflationOf(covariance: Float64Array, factor: Float64Array, features: number, offset = 0): number {
  let most = 0;
  for (let j = 0; j < features; j++) {
    let sum = 0;
    for (let i = j; i < features; i++) sum += factor[offset + triangleRow(i) + j] ** 2;
    most = Math.max(most, covariance[offset + triangleRow(j) + j] * sum);
  }
  return most;
}

/**
 * ‖W_new L_old‖²/d, which no vᵀΣ_old v / vᵀΣ_new v exceeds d times. A bound of d² flops comes first and is enough where
 * neither covariance is near singular.
 */
export function shrinkageOf(before: MatrixAt, after: MatrixAt, features: number): number {
  let bound = 0;
  for (let j = 0; j < features; j++) {
    let sum = 0;
    for (let i = j; i < features; i++) sum += after.factors[after.offset + triangleRow(i) + j] ** 2;
    bound += sum * before.packedCovariances[before.offset + triangleRow(j) + j];
  }
  if (bound < ENOUGH) return bound;
  const length = triangleLength(features);
  const factor = (of: MatrixAt) => of.factors.subarray(of.offset, of.offset + length);
  const product = multiplyTriangles(factor(after), invertTriangle(factor(before), features), features);
  return product.reduce((sum, value) => sum + value * value, 0) / features;
}

/** tr(W Σ Wᵀ) = ‖W L‖² of one of several packed matrices. in: W; of, the factor L⁻¹ of Σ */
export function spreadOf(factors: Float64Array, of: Float64Array, features: number, offset: number): number {
  const end = offset + triangleLength(features);
  const lower = invertTriangle(of.subarray(offset, end), features);
  const product = multiplyTriangles(factors.subarray(offset, end), lower, features);
  return product.reduce((sum, value) => sum + value * value, 0);
}

/** A bound below this needs no better one. */
const ENOUGH = 64;

/** max_i Σ_j (W_ij h_j)². in: W, packed; steps h, d */
export function greatestRow(factor: Float64Array, steps: Float64Array): number {
  let most = 0;
  for (let i = 0; i < steps.length; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += (factor[triangleRow(i) + j] * steps[j]) ** 2;
    most = Math.max(most, sum);
  }
  return most;
}

/** Singular values of diag(1/h) L. in: Σ and W, packed; steps h, d */
export function widths(covariance: Float64Array, factor: Float64Array, steps: Float64Array): Float64Array {
  const features = steps.length;
  const lower = invertTriangle(factor, features);
  const scaled = new Matrix(features, features);
  for (let i = 0; i < features; i++) {
    const none = !(covariance[triangleRow(i) + i] > LEAST_VARIANCE) || steps[i] === 0;
    for (let j = 0; j <= i; j++) scaled.set(i, j, none ? 0 : lower[triangleRow(i) + j] / steps[i]);
  }
  if (!scaled.to1DArray().every(Number.isFinite)) return new Float64Array(features);
  return Float64Array.from(new SingularValueDecomposition(scaled).diagonal);
}

/** Stands in for the variance of a feature that is 0 throughout. */
export const LEAST_VARIANCE: number = 2 ** -1000;

/** One of several packed matrices. */
export interface MatrixAt {
  readonly packedCovariances: Float64Array;
  readonly factors: Float64Array;
  readonly offset: number;
}
