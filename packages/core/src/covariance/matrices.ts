import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { cholesky, invertTriangle } from "../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import type { Regularization } from "./regularization.ts";

// What full (k matrices) and tied (one) have in common: `count` packed symmetric matrices one after the other.

export function factorizeMatrices(
  covariances: Float64Array,
  count: number,
  features: number,
): Float64Array | { collapsed: number } {
  const length = triangleLength(features);
  const factors = new Float64Array(count * length);
  for (let matrix = 0; matrix < count; matrix++) {
    const factor = cholesky(covariances, features, matrix * length);
    if (factor === null) return { collapsed: matrix };
    factors.set(invertTriangle(factor, features), matrix * length);
  }
  return factors;
}

/** out: the matrices that were changed */
export function regularizeMatrices(
  covariances: Float64Array,
  count: number,
  features: number,
  { floors, ridge }: Regularization,
): number[] {
  const length = triangleLength(features);
  const changed: number[] = [];
  for (let matrix = 0; matrix < count; matrix++) {
    const covariance = covariances.subarray(matrix * length, (matrix + 1) * length);
    if (floors[0] > 0 && floorMatrix(covariance, features, floors)) changed.push(matrix);
    for (let i = 0; i < features; i++) covariance[triangleRow(i) + i] += ridge;
  }
  return changed;
}

/**
 * The maximum of the M-step under Σ ⪰ F = diag(floors) (derivation.md eq. 21): with G = F^(−½) L = U s Vᵀ, singular
 * values below 1 become 1. A matrix that needs nothing keeps its bits; the trace test proves most of them without a
 * decomposition. Of the factor, never of Σ: eigenvalues below 1e-16 cannot be seen in a scatter.
 */
function floorMatrix(covariance: Float64Array, features: number, floors: Float64Array): boolean {
  const exact = cholesky(covariance, features);
  const factor = exact ?? nudgedFactor(covariance, features, floors);
  if (factor === null || (exact !== null && clearlyAbove(exact, features, floors))) return false;
  const roots = floors.map(Math.sqrt);
  const scaled = new Matrix(features, features);
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) scaled.set(i, j, factor[triangleRow(i) + j] / roots[i]);
  }
  const { diagonal, leftSingularVectors } = new SingularValueDecomposition(scaled, SVD_OPTIONS);
  if (exact !== null && diagonal.every((value) => value >= 1)) return false;
  const squares = diagonal.map((value) => Math.max(value, 1) ** 2);
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = 0; l < features; l++)
        sum += leftSingularVectors.get(i, l) * squares[l] * leftSingularVectors.get(j, l);
      covariance[triangleRow(i) + j] = sum * roots[i] * roots[j];
    }
  }
  return true;
}

const SVD_OPTIONS = { computeLeftSingularVectors: true, computeRightSingularVectors: false, autoTranspose: false };

/**
 * The factor of a matrix that is singular, or indefinite by rounding: its diagonal is raised by its own rounding, then
 * by more, until it has one; the floor is far above that. Null where the matrix is not finite.
 */
function nudgedFactor(covariance: Float64Array, features: number, floors: Float64Array): Float64Array | null {
  for (let nudge = 16 * features * Number.EPSILON; nudge < 1; nudge *= 256) {
    const raised = covariance.slice();
    for (let i = 0; i < features; i++) {
      const variance = Math.max(raised[triangleRow(i) + i], 0);
      raised[triangleRow(i) + i] = variance + nudge * Math.max(variance, floors[i]);
    }
    const factor = cholesky(raised, features);
    if (factor !== null) return factor;
  }
  return null;
}

/** Σ_j F_j Σ_i W_ij² < 1 bounds every eigenvalue of F^(½) Σ⁻¹ F^(½) below 1. */
function clearlyAbove(factor: Float64Array, features: number, floors: Float64Array): boolean {
  const inverse = invertTriangle(factor, features);
  let trace = 0;
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) trace += floors[j] * inverse[triangleRow(i) + j] ** 2;
  }
  return trace < 1;
}

export function logDeterminantOf(factors: Float64Array, matrix: number, features: number): number {
  const offset = matrix * triangleLength(features);
  let sum = 0;
  for (let i = 0; i < features; i++) sum += Math.log(factors[offset + triangleRow(i) + i]);
  return sum;
}

/** Packed symmetric → d × d, row-major. */
export function expandSymmetric(packed: Float64Array, count: number, features: number): Float64Array {
  return expandTriangles(packed, count, features, true);
}

/** Packed lower W → its transpose U, d × d, row-major. */
export function expandTransposed(packed: Float64Array, count: number, features: number): Float64Array {
  return expandTriangles(packed, count, features, false);
}

function expandTriangles(packed: Float64Array, count: number, features: number, symmetric: boolean): Float64Array {
  const square = features * features;
  const out = new Float64Array(count * square);
  let index = 0;
  for (let matrix = 0; matrix < count; matrix++) {
    for (let i = 0; i < features; i++) {
      for (let j = 0; j <= i; j++, index++) {
        out[matrix * square + j * features + i] = packed[index];
        if (symmetric) out[matrix * square + i * features + j] = packed[index];
      }
    }
  }
  return out;
}

/** `count` times variance · I, packed. */
export function isotropicMatrices(variance: number, count: number, features: number): Float64Array {
  const length = triangleLength(features);
  const packed = new Float64Array(count * length);
  for (let matrix = 0; matrix < count; matrix++) {
    for (let i = 0; i < features; i++) packed[matrix * length + triangleRow(i) + i] = variance;
  }
  return packed;
}

/** d × d, row-major → packed lower triangles. */
export function packMatrices(matrices: Float64Array, count: number, features: number): Float64Array {
  const packed = new Float64Array(count * triangleLength(features));
  let index = 0;
  for (let matrix = 0; matrix < count; matrix++) {
    for (let i = 0; i < features; i++) {
      const row = (matrix * features + i) * features;
      for (let j = 0; j <= i; j++) packed[index++] = matrices[row + j];
    }
  }
  return packed;
}
