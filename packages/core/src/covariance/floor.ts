import { cholesky, covarianceOf, invertTriangle } from "../linear-algebra/cholesky.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import { aboveFloor, shows } from "../linear-algebra/few-directions.ts";
import { type Columns, inverseRootOf, outerOf, rootOfGram } from "../linear-algebra/low-rank.ts";
import { columnsOfRoot, toSingularColumns } from "../linear-algebra/singular-columns.ts";
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
  const columns = scaledColumns(factor, floors);
  if (columns === null) return 0;
  const lengths = zeros(features);
  toSingularColumns(columns, lengths);
  let raised = 0;
  for (let l = 0; l < features; l++) raised += Number(!(lengths[l] >= 1));
  if (raised === 0) return 0;
  factor.set(invertTriangle(flooredRoot(columns, lengths, floors), features));
  covariance.set(covarianceOf(factor, features));
  return raised;
}

/** The root of F + F^(½) U (s² − 1) Uᵀ F^(½), over all s above 1. in: columns of U s */
function flooredRoot(columns: Float64Array, lengths: Float64Array, floors: Float64Array): Float64Array {
  const features = floors.length;
  return rootOfGram(
    Array.from(floors, (floor, i) => {
      const root = Math.sqrt(floor);
      const row = zeros(2 * features);
      for (let l = 0; l < features; l++) {
        const length = lengths[l];
        if (length > 1) row[l] = root * columns[l * features + i] * (Math.sqrt((length - 1) * (length + 1)) / length);
      }
      row[features + i] = root;
      return row;
    }),
  );
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

/** The columns of diag(1/√floors) L; null if they are not finite. */
function scaledColumns(factor: Float64Array, floors: Float64Array): Float64Array | null {
  const columns = columnsOfRoot(factor, floors.map(Math.sqrt));
  for (let at = 0; columns !== null && at < columns.length; at += floors.length + 1) {
    columns[at] = Math.max(columns[at], THINNEST);
  }
  return columns;
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
