import { type CompensatedSums, compensatedSums, twoSumError } from "./compensated-sum.ts";
import { triangleRow } from "./triangle.ts";
import { twoProductError } from "./two-product.ts";

/**
 * L with L Lᵀ = A, packed; null if A is not numerically positive definite.
 * in: symmetric, packed at `offset`, d(d+1)/2; thin: a pivot up to this variance is rounding, and the entries below it
 * in L become 0
 */
export function cholesky(symmetric: Float64Array, size: number, offset = 0, thin = 0): Float64Array | null {
  const factor = symmetric.slice(offset, offset + triangleRow(size));
  for (let i = 0; i < size; i++) {
    const row = triangleRow(i);
    for (let j = 0; j <= i; j++) {
      const other = triangleRow(j);
      let sum = factor[row + j];
      for (let l = 0; l < j; l++) sum -= factor[row + l] * factor[other + l];
      if (i > j) factor[row + j] = factor[other + j] ** 2 > thin ? sum / factor[other + j] : 0;
      else if (sum > 0 && sum < Number.POSITIVE_INFINITY) factor[row + j] = Math.sqrt(sum);
      else return null;
    }
  }
  return factor;
}

/** L⁻¹, packed. in: L, packed, non-zero diagonal */
export function invertTriangle(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(factor.length);
  for (let i = 0; i < size; i++) {
    const row = triangleRow(i);
    const diagonal = 1 / factor[row + i];
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let l = j; l < i; l++) sum += factor[row + l] * inverse[triangleRow(l) + j];
      inverse[row + j] = (0 - sum) * diagonal;
    }
    inverse[row + i] = diagonal;
  }
  return inverse;
}

/**
 * One step towards W A Wᵀ = I (derivation.md eq. 41), which leaves only the rounding of W's entries. W A is Lᵀ apart
 * from errors. Below its diagonal everything cancels, so it is computed to twice the digits.
 * in: W, A, packed; W is overwritten
 */
export function refineInverse(inverse: Float64Array, symmetric: Float64Array, size: number): void {
  const product = compensatedSums(size);
  const residual = new Float64Array(size);
  // From the last row up, because the correction of a row uses the old values of the rows above it.
  for (let i = size - 1; i >= 0; i--) {
    const row = inverse.subarray(triangleRow(i), triangleRow(i + 1));
    for (let j = 0; j <= i; j++) rowTimesColumn(product, row, symmetric, j);
    for (let j = 0; j <= i; j++) {
      residual[j] = 0;
      for (let l = 0; l <= j && l < i; l++) {
        residual[j] += inverse[triangleRow(j) + l] * (product.sums[l] + product.errors[l]);
      }
    }
    const near = row[i] * product.sums[i];
    residual[i] += near - 1 + (twoProductError(row[i], product.sums[i], near) + row[i] * product.errors[i]);
    for (let j = 0; j <= i; j++) {
      let correction = residual[i] * row[j] * 0.5;
      for (let l = j; l < i; l++) correction += residual[l] * inverse[triangleRow(l) + j];
      row[j] -= correction;
    }
  }
}

/** to[column] = Σ_l row_l A_l,column. in: A, packed */
function rowTimesColumn(to: CompensatedSums, row: Float64Array, symmetric: Float64Array, column: number): void {
  let sum = 0;
  let error = 0;
  for (let l = 0; l < row.length; l++) {
    const entry = symmetric[l <= column ? triangleRow(column) + l : triangleRow(l) + column];
    const product = row[l] * entry;
    const next = sum + product;
    error += twoSumError(sum, product, next) + twoProductError(row[l], entry, product);
    sum = next;
  }
  to.sums[column] = sum;
  to.errors[column] = error;
}

/** L v. in: L, packed at `offset`; v, d. out: d */
export function multiplyTriangle(factor: Float64Array, offset: number, vector: Float64Array, out: Float64Array): void {
  for (let i = vector.length - 1; i >= 0; i--) {
    const row = offset + triangleRow(i);
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += factor[row + j] * vector[j];
    out[i] = sum;
  }
}

/** A B of two lower triangles, packed. */
export function multiplyTriangles(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(a.length);
  for (let i = 0; i < size; i++) {
    const row = triangleRow(i);
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = j; l <= i; l++) sum += a[row + l] * b[triangleRow(l) + j];
      product[row + j] = sum;
    }
  }
  return product;
}

/** The covariance L Lᵀ that belongs to the factor W = L⁻¹, packed. W is the state; Σ follows from it. in: W, packed */
export function covarianceOf(factor: Float64Array, size: number): Float64Array {
  const lower = invertTriangle(factor, size);
  const product = new Float64Array(factor.length);
  for (let i = 0; i < size; i++) {
    const row = triangleRow(i);
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = 0; l <= j; l++) sum += lower[row + l] * lower[triangleRow(j) + l];
      product[row + j] = sum;
    }
  }
  return product;
}
