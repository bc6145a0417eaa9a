import { Matrix, QrDecomposition, SingularValueDecomposition } from "ml-matrix";
import { cholesky, covarianceOf, invertTriangle } from "../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import type { Covariances, Floored } from "./covariance.ts";
import type { Regularization } from "./regularization.ts";

/** Floor and ridge of `count` packed matrices, in place. out: the matrices that a floor changed */
export function regularizeMatrices(
  { packedCovariances, factors }: Covariances,
  count: number,
  features: number,
  { floors, ridges }: Regularization,
): Floored[] {
  const length = triangleLength(features);
  const changed: Floored[] = [];
  for (let matrix = 0; matrix < count; matrix++) {
    const covariance = packedCovariances.subarray(matrix * length, (matrix + 1) * length);
    const factor = factors.subarray(matrix * length, (matrix + 1) * length);
    const rank = floorMatrix(covariance, factor, floors);
    if (rank < features) changed.push({ component: matrix, rank });
    if (ridges[0] > 0) addRidges(covariance, factor, ridges);
  }
  return changed;
}

/**
 * The maximum of the M-step under Σ ⪰ F = diag(floors) (derivation.md eq. 22): with G = F^(−½) L = U s Vᵀ, singular
 * values below 1 become 1. A matrix that needs nothing keeps its bits; the trace test proves most of them without a
 * decomposition. Of the factor, never of Σ: eigenvalues below 1e-16 cannot be seen in a covariance. out: how many
 * singular values were 1 or more
 */
function floorMatrix(covariance: Float64Array, factor: Float64Array, floors: Float64Array): number {
  const features = floors.length;
  if (clearlyAbove(factor, floors)) return features;
  const lower = invertTriangle(factor, features);
  const roots = floors.map(Math.sqrt);
  const scaled = new Matrix(features, features);
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) scaled.set(i, j, lower[triangleRow(i) + j] / roots[i]);
    scaled.set(i, i, Math.max(scaled.get(i, i), THINNEST));
  }
  if (!scaled.to1DArray().every(Number.isFinite)) return features;
  const { diagonal, leftSingularVectors } = new SingularValueDecomposition(scaled, SVD_OPTIONS);
  const rank = diagonal.filter((value) => value >= 1).length;
  if (rank === features) return rank;
  const raised = new Matrix(features, features);
  for (let i = 0; i < features; i++) {
    for (let l = 0; l < features; l++) {
      raised.set(l, i, roots[i] * leftSingularVectors.get(i, l) * Math.max(diagonal[l], 1));
    }
  }
  factor.set(invertTriangle(transposedTriangle(new QrDecomposition(raised).upperTriangularMatrix), features));
  covariance.set(covarianceOf(factor, features));
  return rank;
}

/** The decomposition loses its way where numbers are hundreds of powers apart; the floor is far above this. */
const THINNEST = 2 ** -60;

const SVD_OPTIONS = { computeLeftSingularVectors: true, computeRightSingularVectors: false };

/** The packed lower triangle Rᵀ with a positive diagonal. in: R, upper triangular */
export function transposedTriangle(upper: Matrix): Float64Array {
  const features = upper.columns;
  const lower = new Float64Array(triangleLength(features));
  for (let j = 0; j < features; j++) {
    const sign = upper.get(j, j) < 0 ? -1 : 1;
    for (let i = j; i < features; i++) lower[triangleRow(i) + j] = sign * upper.get(j, i);
  }
  return lower;
}

/** Σ_j F_j Σ_i W_ij² < 1 bounds every eigenvalue of F^(½) Σ⁻¹ F^(½) below 1. */
function clearlyAbove(factor: Float64Array, floors: Float64Array): boolean {
  let trace = 0;
  for (let i = 0; i < floors.length; i++) {
    for (let j = 0; j <= i; j++) trace += floors[j] * factor[triangleRow(i) + j] ** 2;
  }
  return trace < 1;
}

/** Σ + diag(ridges); where even that has no factor, the factor becomes NaN. */
function addRidges(covariance: Float64Array, factor: Float64Array, ridges: Float64Array): void {
  for (let i = 0; i < ridges.length; i++) covariance[triangleRow(i) + i] += ridges[i];
  const root = cholesky(covariance, ridges.length);
  if (root === null) factor.fill(Number.NaN);
  else factor.set(invertTriangle(root, ridges.length));
}
