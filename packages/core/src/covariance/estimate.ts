import {
  cholesky,
  covarianceOf,
  invertTriangle,
  multiplyTriangles,
  refineInverse,
} from "../linear-algebra/cholesky.ts";
import { compensatedSums, rounded } from "../linear-algebra/compensated-sum.ts";
import { triangleDiagonal, triangleRow } from "../linear-algebra/triangle.ts";
import { inflationOf } from "./conditioning.ts";
import type { EstimatedMatrix, Scatter } from "./matrix.ts";
import { framedPart, subtractOuter } from "./shift.ts";

/** Features up to which a factor is refined: d³ operations in two doubles, on one thread, are too slow beyond. */
const MOST_REFINED = 16;
/** Inflation up to which a factor is near enough to be refined by one step; far beyond that it is framed. */
const REFINABLE = 2 ** 20;

/** A variance of exactly 0 in a frame is taken for this: the frame's own units are standard deviations. */
const LEAST_FRAMED = 2 ** -104;

/** The covariance of a triangle: its scatter, moved to the new means, over its mass (derivation.md eq. 9, 10). */
export function estimateTriangle({ sums, mass, parts, frame, least }: Scatter): EstimatedMatrix {
  const moved = compensatedSums(sums.length, sums.slice());
  for (const part of parts) subtractOuter(moved, framedPart(part, frame));
  const mean = (sum: number) => sum / mass;
  const scales = triangleDiagonal(sums, least.length).map(mean);
  return frame === null
    ? fromScatter(rounded(moved).map(mean), scales, least)
    : fromFramedScatter(rounded(moved).map(mean), frame, scales);
}

/**
 * Σ = M with R = chol Σ and W = R⁻¹, refined.
 * in: M, packed, becomes the covariance; scales, d: what the diagonal was before δδᵀ was taken off; least, d: stands in for 0
 */
function fromScatter(scatter: Float64Array, scales: Float64Array, least: Float64Array): EstimatedMatrix {
  const features = least.length;
  const zeros = raiseZeros(scatter, least);
  const exact = cholesky(scatter, features);
  const root = exact ?? nudgedFactor(scatter, 0, scales, least);
  if (root === null) return notFinite(scatter);
  const matrix = { covariance: scatter, factor: invertTriangle(root, features) };
  const inflation = exact === null ? Number.POSITIVE_INFINITY : inflationOf(matrix, features);
  if (features <= MOST_REFINED && inflation < REFINABLE) refineInverse(matrix.factor, scatter, features);
  return { ...matrix, inflation, singular: zeros || exact === null };
}

/** Scatter M in the frame F → R = chol M, W = R⁻¹F, Σ = L Lᵀ with L = W⁻¹ (derivation.md eq. 27). */
function fromFramedScatter(scatter: Float64Array, frame: Float64Array, scales: Float64Array): EstimatedMatrix {
  const features = scales.length;
  const least = new Float64Array(features).fill(LEAST_FRAMED);
  const zeros = raiseZeros(scatter, least);
  const thin = thinIn(scatter, features);
  const exact = cholesky(scatter, features, 0, thin);
  const root = exact ?? nudgedFactor(scatter, thin, scales, least);
  if (root === null) return notFinite(scatter);
  const inverse = invertTriangle(root, features);
  const inflation =
    exact === null ? Number.POSITIVE_INFINITY : inflationOf({ covariance: scatter, factor: inverse }, features);
  const factor = multiplyTriangles(inverse, frame, features);
  return { covariance: covarianceOf(factor, features), factor, inflation, singular: zeros || exact === null };
}

/** No second look can mend a scatter that is not finite. */
function notFinite(scatter: Float64Array): EstimatedMatrix {
  return { covariance: scatter, factor: scatter.map(() => Number.NaN), inflation: 1, singular: true };
}

/** What rounding leaves of a direction without any width, in a frame whose units are standard deviations. */
function thinIn(scatter: Float64Array, features: number): number {
  const widest = triangleDiagonal(scatter, features).reduce((most, variance) => Math.max(most, variance), 0);
  return Number.EPSILON * Math.min(widest, 1);
}

/** Variances of exactly 0, whose rows are 0 as well: no second look can tell more of them. out: were there any? */
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
 * was computed from, then by more, until it has one. In a frame (thin > 0) rounding is the same for all directions, thin
 * ones too; what is added then is as well, so that wide ones do not notice. Null where the matrix is not finite.
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
