import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { cholesky, invertTriangle } from "../linear-algebra/cholesky.ts";
import { triangleRow } from "../linear-algebra/triangle.ts";

/**
 * The maximum of the M-step under Σ ⪰ F = diag(floors), in place (derivation.md §6). A matrix that needs nothing keeps
 * its bits; the trace test proves most of them without a decomposition.
 * in: covariance, packed; floors, d, ≥ 0. out: was it changed?
 */
export function floorMatrix(covariance: Float64Array, floors: Float64Array): boolean {
  if (floors.every((floor) => floor === 0) || clearlyAbove(covariance, floors)) return false;
  const floored = [...floors.keys()].filter((j) => floors[j] > 0);
  const block = floored.length === floors.length ? toMatrix(covariance, floored) : conditional(covariance, floors);
  if (block === null) return false;
  const least = floored.map((j) => floors[j]);
  const raised = raise(block, least);
  if (raised === null) return false;
  // Given the features without a floor, the others' conditional covariance alone moves: the likelihood separates.
  const whole = floored.length === floors.length;
  floored.forEach((j, row) => {
    for (let column = 0; column <= row; column++) {
      const index = triangleRow(j) + floored[column];
      const value = raised.get(row, column);
      covariance[index] = whole ? value : covariance[index] + (value - block.get(row, column));
    }
  });
  return true;
}

/** Σ_j F_j Σ_i W_ij² < 1 bounds every eigenvalue of F^(½) Σ⁻¹ F^(½) below 1. */
function clearlyAbove(covariance: Float64Array, floors: Float64Array): boolean {
  const features = floors.length;
  const factor = cholesky(covariance, features);
  if (factor === null) return false;
  const inverse = invertTriangle(factor, features);
  let trace = 0;
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) trace += floors[j] * inverse[triangleRow(i) + j] ** 2;
  }
  return trace < 1;
}

/** Eigenvalues of F^(−½) Σ F^(−½) below 1 become 1; null when there are none. in: least, all positive */
function raise(covariance: Matrix, least: readonly number[]): Matrix | null {
  const size = least.length;
  const roots = least.map(Math.sqrt);
  const scaled = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) scaled.set(i, j, covariance.get(i, j) / roots[i] / roots[j]);
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, { assumeSymmetric: true });
  if (realEigenvalues.every((value) => value >= 1)) return null;
  const raised = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = 0; l < size; l++) {
        sum += eigenvectorMatrix.get(i, l) * Math.max(realEigenvalues[l], 1) * eigenvectorMatrix.get(j, l);
      }
      raised.set(i, j, sum * roots[i] * roots[j]);
    }
  }
  return raised;
}

function toMatrix(packed: Float64Array, indices: readonly number[]): Matrix {
  const matrix = new Matrix(indices.length, indices.length);
  indices.forEach((i, row) => {
    indices.forEach((j, column) => {
      matrix.set(row, column, packed[triangleRow(Math.max(i, j)) + Math.min(i, j)]);
    });
  });
  return matrix;
}

/**
 * The covariance of the features with a floor, given those without: Σ_aa − Σ_ab Σ_bb⁻¹ Σ_ba, one feature of b after
 * the other; null when Σ_bb is not positive definite.
 */
function conditional(covariance: Float64Array, floors: Float64Array): Matrix | null {
  const order = [...floors.keys()].sort((i, j) => Number(floors[i] > 0) - Number(floors[j] > 0) || i - j);
  const free = floors.filter((floor) => floor === 0).length;
  const matrix = toMatrix(covariance, order);
  for (let b = 0; b < free; b++) {
    const pivot = matrix.get(b, b);
    if (!(pivot > 0)) return null;
    for (let i = b + 1; i < order.length; i++) {
      const multiple = matrix.get(i, b) / pivot;
      for (let j = b + 1; j < order.length; j++) matrix.set(i, j, matrix.get(i, j) - multiple * matrix.get(b, j));
    }
  }
  return matrix.subMatrix(free, order.length - 1, free, order.length - 1);
}
