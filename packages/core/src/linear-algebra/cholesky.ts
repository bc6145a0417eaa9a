import { copyOf, zeros } from "./doubles.ts";
import { triangleRow } from "./triangle.ts";

// Loops run along packed rows, four rows at a time where there are as many: the order of every sum is that of the
// textbook, and four sums at once keep the multipliers busy.

/**
 * L with L Lᵀ = A, packed; null if A is not numerically positive definite.
 * in: symmetric, packed at `offset`, d(d+1)/2; thin: a pivot up to this variance is rounding, and the entries below it
 * in L become 0
 */
export function cholesky(symmetric: Float64Array, size: number, offset = 0, thin = 0): Float64Array | null {
  const factor = copyOf(symmetric, offset, offset + triangleRow(size));
  return choleskyInPlace(factor, size, thin) ? factor : null;
}

/** The same, of A in the place of A. out: false if there is none */
export function choleskyInPlace(factor: Float64Array, size: number, thin = 0): boolean {
  for (let first = 0; first < size; first += ROWS) {
    const end = Math.min(first + ROWS, size);
    const whole = end - first === ROWS;
    if (whole) fourRows(factor, first, thin);
    for (let i = first; i < end; i++) {
      restOfRow(factor, i, whole ? first : 0, thin);
      const row = triangleRow(i);
      let sum = factor[row + i];
      for (let l = 0; l < i; l++) sum -= factor[row + l] * factor[row + l];
      if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return false;
      factor[row + i] = Math.sqrt(sum);
    }
  }
  return true;
}

const ROWS = 4;

/** The entries of a row from a column to the diagonal. */
function restOfRow(factor: Float64Array, i: number, from: number, thin: number): void {
  const row = triangleRow(i);
  for (let j = from; j < i; j++) {
    const other = triangleRow(j);
    let sum = factor[row + j];
    for (let l = 0; l < j; l++) sum -= factor[row + l] * factor[other + l];
    factor[row + j] = factor[other + j] ** 2 > thin ? sum / factor[other + j] : 0;
  }
}

/** The entries of four rows left of the first one's diagonal. */
function fourRows(factor: Float64Array, first: number, thin: number): void {
  const a = triangleRow(first);
  const b = a + first + 1;
  const c = b + first + 2;
  const d = c + first + 3;
  for (let j = 0; j < first; j++) {
    const other = triangleRow(j);
    let sa = factor[a + j];
    let sb = factor[b + j];
    let sc = factor[c + j];
    let sd = factor[d + j];
    for (let l = 0; l < j; l++) {
      const entry = factor[other + l];
      sa -= factor[a + l] * entry;
      sb -= factor[b + l] * entry;
      sc -= factor[c + l] * entry;
      sd -= factor[d + l] * entry;
    }
    const pivot = factor[other + j];
    const wide = pivot ** 2 > thin;
    factor[a + j] = wide ? sa / pivot : 0;
    factor[b + j] = wide ? sb / pivot : 0;
    factor[c + j] = wide ? sc / pivot : 0;
    factor[d + j] = wide ? sd / pivot : 0;
  }
}

/** L⁻¹, packed. in: L, packed, non-zero diagonal; inverse, full of 0. out: inverse */
export function invertTriangle(
  factor: Float64Array,
  size: number,
  inverse: Float64Array = zeros(factor.length),
): Float64Array {
  for (let i = 0; i < size; i++) {
    const row = triangleRow(i);
    const diagonal = 1 / factor[row + i];
    addRows(inverse, factor, inverse, i);
    for (let j = 0; j < i; j++) inverse[row + j] = (0 - inverse[row + j]) * diagonal;
    inverse[row + i] = diagonal;
  }
  return inverse;
}

/** Row i of out += Σ_l A_il B_lj over l < i, ascending. in: A, B, packed */
function addRows(out: Float64Array, a: Float64Array, b: Float64Array, i: number): void {
  const row = triangleRow(i);
  let l = 0;
  for (; l + ROWS <= i; l += ROWS) {
    const [k, m, n, o] = [triangleRow(l), triangleRow(l + 1), triangleRow(l + 2), triangleRow(l + 3)];
    const [ak, am, an, ao] = [a[row + l], a[row + l + 1], a[row + l + 2], a[row + l + 3]];
    for (let j = 0; j <= l; j++) {
      out[row + j] = out[row + j] + ak * b[k + j] + am * b[m + j] + an * b[n + j] + ao * b[o + j];
    }
    out[row + l + 1] = out[row + l + 1] + am * b[m + l + 1] + an * b[n + l + 1] + ao * b[o + l + 1];
    out[row + l + 2] = out[row + l + 2] + an * b[n + l + 2] + ao * b[o + l + 2];
    out[row + l + 3] += ao * b[o + l + 3];
  }
  for (; l < i; l++) {
    const other = triangleRow(l);
    const entry = a[row + l];
    for (let j = 0; j <= l; j++) out[row + j] += entry * b[other + j];
  }
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

/** A B of two lower triangles, packed. in: product, full of 0. out: product */
export function multiplyTriangles(
  a: Float64Array,
  b: Float64Array,
  size: number,
  product: Float64Array = zeros(a.length),
): Float64Array {
  for (let i = 0; i < size; i++) {
    addRows(product, a, b, i);
    const row = triangleRow(i);
    for (let j = 0; j <= i; j++) product[row + j] += a[row + i] * b[row + j];
  }
  return product;
}

/** A B⁻¹ of two lower triangles, packed. in: B with a non-zero diagonal */
export function divideTriangles(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const quotient = copyOf(a);
  for (let i = 0; i < size; i++) {
    const row = triangleRow(i);
    for (let j = i; j >= 0; j--) {
      const other = triangleRow(j);
      const entry = quotient[row + j] / b[other + j];
      quotient[row + j] = entry;
      for (let l = 0; l < j; l++) quotient[row + l] -= entry * b[other + l];
    }
  }
  return quotient;
}

/** Is every eigenvalue of A Aᵀ less than the limit? in: A, packed */
export function stretchesBelow(triangle: Float64Array, limit: number, size: number): boolean {
  const rest = outerOfTriangle(triangle, size).map((entry) => -entry);
  for (let i = 0; i < size; i++) rest[triangleRow(i) + i] += limit;
  return cholesky(rest, size) !== null;
}

/** The covariance L Lᵀ that belongs to the factor W = L⁻¹, packed. W is the state; Σ follows from it. in: W, packed */
export function covarianceOf(factor: Float64Array, size: number): Float64Array {
  return outerOfTriangle(invertTriangle(factor, size), size);
}

/** L Lᵀ, packed. in: L, packed */
export function outerOfTriangle(lower: Float64Array, size: number): Float64Array {
  const product = zeros(lower.length);
  for (let i = 0; i < size; i++) {
    const row = triangleRow(i);
    let j = 0;
    for (; j + ROWS <= i + 1; j += ROWS) fourProducts(product, lower, row, j);
    for (; j <= i; j++) product[row + j] = rowProduct(lower, row, j);
  }
  return product;
}

/** (L Lᵀ)_ij of row i for j … j + 3. */
function fourProducts(product: Float64Array, lower: Float64Array, row: number, j: number): void {
  const [a, b, c, d] = [triangleRow(j), triangleRow(j + 1), triangleRow(j + 2), triangleRow(j + 3)];
  let [sa, sb, sc, sd] = [0, 0, 0, 0];
  for (let l = 0; l <= j; l++) {
    const entry = lower[row + l];
    sa += entry * lower[a + l];
    sb += entry * lower[b + l];
    sc += entry * lower[c + l];
    sd += entry * lower[d + l];
  }
  const [x, y, z] = [lower[row + j + 1], lower[row + j + 2], lower[row + j + 3]];
  product[row + j] = sa;
  product[row + j + 1] = sb + x * lower[b + j + 1];
  product[row + j + 2] = sc + x * lower[c + j + 1] + y * lower[c + j + 2];
  product[row + j + 3] = sd + x * lower[d + j + 1] + y * lower[d + j + 2] + z * lower[d + j + 3];
}

function rowProduct(lower: Float64Array, row: number, j: number): number {
  const other = triangleRow(j);
  let sum = 0;
  for (let l = 0; l <= j; l++) sum += lower[row + l] * lower[other + l];
  return sum;
}
