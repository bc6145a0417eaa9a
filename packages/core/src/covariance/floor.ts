import { Matrix as Dense, SingularValueDecomposition } from "ml-matrix";
import { cholesky, covarianceOf, invertTriangle } from "../linear-algebra/cholesky.ts";
import { aboveFloor, shows } from "../linear-algebra/few-directions.ts";
import { type Columns, inverseRootOf, outerOf } from "../linear-algebra/low-rank.ts";
import { factorOfRows } from "../linear-algebra/stacked.ts";
import { triangleRow } from "../linear-algebra/triangle.ts";
import type { Matrix } from "./matrix.ts";
import type { Regularization } from "./regularization.ts";

/** Floor and ridge of a triangle, in place. out: in how many directions the floor raised it */
export function regularizeTriangle(matrix: Matrix, { floors, ridges }: Regularization): number {
  const raised = floorTriangle(matrix, floors);
  if (ridges[0] > 0) addRidges(matrix, ridges, raised > 0 ? floors.map((floor, j) => floor + ridges[j]) : ridges);
  return raised;
}

/**
 * The maximum of the M-step under Σ ⪰ F = diag(floors) (derivation.md eq. 22): in G = F^(−½) L = U s Vᵀ, singular
 * values below 1 become 1. A matrix above the floor keeps its bits; the trace test proves this for most matrices
 * without a decomposition. The factor is decomposed, never Σ, because a covariance in doubles does not show eigenvalues
 * below 1e-16 of the largest.
 * out: how many singular values were below 1
 */
function floorTriangle(matrix: Matrix, floors: Float64Array): number {
  const { covariance, factor, directions } = matrix;
  const features = floors.length;
  if (floors[0] === 0) return 0;
  if (directions !== undefined) return floorDirections(matrix, directions, floors);
  if (clearlyAbove(factor, floors)) return 0;
  const roots = floors.map(Math.sqrt);
  const scaled = scaledRoot(factor, roots);
  if (!scaled.to1DArray().every(Number.isFinite)) return 0;
  const { diagonal, leftSingularVectors } = new SingularValueDecomposition(scaled, SVD_OPTIONS);
  const raised = diagonal.filter((value) => !(value >= 1)).length;
  if (raised === 0) return 0;
  const rows = new Dense(features, features);
  for (let i = 0; i < features; i++) {
    for (let l = 0; l < features; l++) {
      rows.set(l, i, roots[i] * leftSingularVectors.get(i, l) * Math.max(diagonal[l], 1));
    }
  }
  factor.set(invertTriangle(factorOfRows(rows), features));
  covariance.set(covarianceOf(factor, features));
  return raised;
}

/** The same by the directions of Σ = G Gᵀ, in O(d² r) operations for r of them. */
function floorDirections(matrix: Matrix, directions: Columns, floors: Float64Array): number {
  const above = aboveFloor(directions, floors);
  matrix.covariance.set(outerOf(above, floors));
  matrix.factor.set(inverseRootOf(above, floors));
  matrix.directions = above;
  return floors.length - above.length;
}

/** The decomposition fails if its numbers are hundreds of powers of two apart; the floor is far above this limit. */
const THINNEST = 2 ** -60;

const SVD_OPTIONS = { computeLeftSingularVectors: true, computeRightSingularVectors: false };

/** diag(1/roots) L */
function scaledRoot(factor: Float64Array, roots: Float64Array): Dense {
  const features = roots.length;
  const lower = invertTriangle(factor, features);
  const scaled = new Dense(features, features);
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) scaled.set(i, j, lower[triangleRow(i) + j] / roots[i]);
    scaled.set(i, i, Math.max(scaled.get(i, i), THINNEST));
  }
  return scaled;
}

/** If Σ_j F_j Σ_i W_ij² < 1, then every eigenvalue of F^(½) Σ⁻¹ F^(½) is below 1. */
export function clearlyAbove(factor: Float64Array, floors: Float64Array): boolean {
  let trace = 0;
  for (let i = 0; i < floors.length; i++) {
    for (let j = 0; j <= i; j++) trace += floors[j] * factor[triangleRow(i) + j] ** 2;
  }
  return trace < 1;
}

/**
 * Σ + diag(ridges). If even that has no Cholesky factor, the factor becomes NaN.
 * in: base, d: what Σ has then besides its directions
 */
function addRidges({ covariance, factor, directions }: Matrix, ridges: Float64Array, base: Float64Array): void {
  for (let i = 0; i < ridges.length; i++) covariance[triangleRow(i) + i] += ridges[i];
  const few = directions !== undefined && shows(covariance, ridges);
  const root = few ? null : cholesky(covariance, ridges.length);
  if (few) factor.set(inverseRootOf(directions, base));
  else if (root === null) factor.fill(Number.NaN);
  else factor.set(invertTriangle(root, ridges.length));
}
