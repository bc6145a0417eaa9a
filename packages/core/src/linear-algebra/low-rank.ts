import { triangleLength, triangleRow } from "./triangle.ts";

// Symmetric matrices of few directions, A ≈ G Gᵀ with G of d rows and r columns, in O(d r²) instead of O(d³) operations;
// what is written out, d² numbers, takes r operations a number. A column of G is an array of d numbers.

/** The columns of G. */
export type Columns = readonly Float64Array[];

export interface Pivoting {
  /** d: subtracted from the diagonal of the matrix; default 0 */
  readonly base?: Float64Array;
  /** d: what is left of a diagonal entry counts as rounding up to this */
  readonly tolerance: Float64Array;
  /** d: the next column is that of the entry with the most left, in these units */
  readonly scale: Float64Array;
  /** the number of columns beyond which the matrix does not count as one of few directions */
  readonly most: number;
}

/** G with G Gᵀ = A − diag(base), by a Cholesky decomposition with pivots; null if it has too many columns. */
export function lowRankColumns(
  symmetric: Float64Array,
  { base, tolerance, scale, most }: Pivoting,
): Float64Array[] | null {
  const size = tolerance.length;
  const left = Float64Array.from(tolerance, (_, j) => symmetric[triangleRow(j) + j] - (base?.[j] ?? 0));
  const columns: Float64Array[] = [];
  for (;;) {
    const pivot = widest(left, tolerance, scale);
    if (pivot < 0) return columns;
    if (columns.length === most) return null;
    const column = columnOf(symmetric, pivot, size);
    addColumns(column, columns, rowOf(columns, pivot, -1));
    const root = Math.sqrt(left[pivot]);
    for (let i = 0; i < size; i++) {
      column[i] = left[i] === Number.NEGATIVE_INFINITY ? 0 : column[i] / root;
      left[i] -= column[i] * column[i];
    }
    column[pivot] = root;
    left[pivot] = Number.NEGATIVE_INFINITY;
    columns.push(column);
  }
}

/** The entry with the most left, in units of its scale; −1 if all that is left is rounding. */
function widest(left: Float64Array, tolerance: Float64Array, scale: Float64Array): number {
  let [index, most] = [-1, 0];
  for (let j = 0; j < left.length; j++) {
    if (!(left[j] > tolerance[j] && left[j] > most * scale[j])) continue;
    index = j;
    most = left[j] / scale[j];
  }
  return index;
}

function columnOf(symmetric: Float64Array, column: number, size: number): Float64Array {
  const start = triangleRow(column);
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) values[i] = symmetric[i <= column ? start + i : triangleRow(i) + column];
  return values;
}

/** Row `row` of G, times a number. */
function rowOf(columns: Columns, row: number, times = 1): Float64Array {
  const values = new Float64Array(columns.length);
  for (let l = 0; l < columns.length; l++) values[l] = times * columns[l][row];
  return values;
}

/** out_j += Σ_l weight_l column_l,j, as far as out reaches */
function addColumns(out: Float64Array, columns: Columns, weights: Float64Array): void {
  const whole = columns.length - (columns.length % 4);
  for (let l = 0; l < whole; l += 4) {
    // Destructuring would cost as much as a short column.
    const a = columns[l];
    const b = columns[l + 1];
    const c = columns[l + 2];
    const d = columns[l + 3];
    const wa = weights[l];
    const wb = weights[l + 1];
    const wc = weights[l + 2];
    const wd = weights[l + 3];
    for (let j = 0; j < out.length; j++) out[j] += wa * a[j] + wb * b[j] + (wc * c[j] + wd * d[j]);
  }
  for (let l = whole; l < columns.length; l++) {
    const a = columns[l];
    const wa = weights[l];
    for (let j = 0; j < out.length; j++) out[j] += wa * a[j];
  }
}

/** Gᵀ D G, packed. in: D, d */
export function gramOf(columns: Columns, diagonal: Float64Array): Float64Array {
  const gram = new Float64Array(triangleLength(columns.length));
  for (let a = 0; a < columns.length; a++) {
    const weighted = columns[a].slice();
    for (let j = 0; j < weighted.length; j++) weighted[j] *= diagonal[j];
    for (let b = 0; b <= a; b++) gram[triangleRow(a) + b] = dot(weighted, columns[b]);
  }
  return gram;
}

/** Σ_j a_j b_j */
export function dot(a: Float64Array, b: Float64Array): number {
  let even = 0;
  let odd = 0;
  const whole = a.length - (a.length % 2);
  for (let j = 0; j < whole; j += 2) {
    even += a[j] * b[j];
    odd += a[j + 1] * b[j + 1];
  }
  return whole < a.length ? even + odd + a[whole] * b[whole] : even + odd;
}

/**
 * L, packed, with L Lᵀ = GᵀG, by modified Gram-Schmidt, which keeps the digits that GᵀG would lose. in: G, overwritten;
 * at least as many rows as columns
 */
export function rootOfGram(columns: readonly Float64Array[]): Float64Array {
  const root = new Float64Array(triangleLength(columns.length));
  columns.forEach((column, a) => {
    const length = Math.sqrt(dot(column, column));
    root[triangleRow(a) + a] = length;
    if (length === 0) return;
    for (let l = 0; l < column.length; l++) column[l] /= length;
    for (let b = a + 1; b < columns.length; b++) {
      const along = dot(column, columns[b]);
      root[triangleRow(b) + a] = along;
      addTimes(columns[b], -along, column);
    }
  });
  return root;
}

/** G B. in: B, columns of r numbers each */
export function timesColumns(columns: Columns, right: Columns): Float64Array[] {
  return right.map((weights) => {
    const column = new Float64Array(columns[0].length);
    addColumns(column, columns, weights);
    return column;
  });
}

/** vᵀ A v. in: A, packed */
export function quadraticForm(symmetric: Float64Array, vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    const row = triangleRow(i);
    let even = 0;
    let odd = 0;
    for (let j = 0; j + 1 < i; j += 2) {
      even += symmetric[row + j] * vector[j];
      odd += symmetric[row + j + 1] * vector[j + 1];
    }
    if (i % 2 === 1) even += symmetric[row + i - 1] * vector[i - 1];
    sum += vector[i] * (2 * (even + odd) + symmetric[row + i] * vector[i]);
  }
  return sum;
}

/** L⁻¹ G, in place. in: L, packed */
export function solveTriangle(factor: Float64Array, columns: readonly Float64Array[]): void {
  const rank = columns.length;
  const size = columns[0]?.length ?? 0;
  const rows = new Float64Array(size * rank);
  for (let i = 0; i < size; i++) {
    const start = triangleRow(i);
    const own = rows.subarray(i * rank, (i + 1) * rank);
    for (let l = 0; l < rank; l++) own[l] = columns[l][i];
    for (let j = 0; j < i; j++) {
      const entry = factor[start + j];
      for (let l = 0; l < rank; l++) own[l] -= entry * rows[j * rank + l];
    }
    for (let l = 0; l < rank; l++) {
      own[l] /= factor[start + i];
      columns[l][i] = own[l];
    }
  }
}

/** D + G Gᵀ, packed. in: D, d */
export function outerOf(columns: Columns, diagonal: Float64Array): Float64Array {
  const product = new Float64Array(triangleLength(diagonal.length));
  for (let i = 0; i < diagonal.length; i++) {
    addColumns(product.subarray(triangleRow(i), triangleRow(i + 1)), columns, rowOf(columns, i));
    product[triangleRow(i) + i] += diagonal[i];
  }
  return product;
}

/**
 * W = L⁻¹ with L Lᵀ = D + G Gᵀ, packed. With g_i, the rows of G, and P_i = (I + Σ_{j<i} g_j g_jᵀ/D_j)⁻¹:
 * L_ii² = D_i + g_iᵀ P_i g_i and L_ij = g_iᵀ p_j, p_j = P_j g_j / L_jj. The root S of P = S Sᵀ is kept (Potter's square
 * root of a Kalman filter). W then follows by substitution in this L, with m_j = Σ_{l<i} p_l W_lj for all j at once: what
 * rounding does to P changes L and W alike, and L little.
 * in: D, d, positive
 */
export function inverseRootOf(columns: Columns, diagonal: Float64Array): Float64Array {
  const rank = columns.length;
  const inverse = new Float64Array(triangleLength(diagonal.length));
  const sums = columns.map((column) => new Float64Array(column.length));
  const root = Array.from(columns, (_, l) => new Float64Array(rank).fill(1, l, l + 1));
  const seen = new Float64Array(rank);
  const along = new Float64Array(rank);
  for (let i = 0; i < diagonal.length; i++) {
    seen.fill(0);
    addColumns(seen, root, rowOf(columns, i));
    const variance = diagonal[i] + dot(seen, seen);
    const length = Math.sqrt(variance);
    const gain = 1 / (variance + length * Math.sqrt(diagonal[i]));
    const row = inverse.subarray(triangleRow(i), triangleRow(i + 1));
    addColumns(row, sums, rowOf(columns, i, -1 / length));
    row[i] = 1 / length;
    for (let l = 0; l < rank; l++) {
      along[l] = dot(root[l], seen) / length;
      addTimes(root[l], -gain * length * along[l], seen);
    }
    addToColumns(sums, along, row);
  }
  return inverse;
}

/** column_l += weight_l · vector, as far as the vector reaches */
function addToColumns(columns: readonly Float64Array[], weights: Float64Array, vector: Float64Array): void {
  const whole = columns.length - (columns.length % 4);
  for (let l = 0; l < whole; l += 4) {
    const a = columns[l];
    const b = columns[l + 1];
    const c = columns[l + 2];
    const d = columns[l + 3];
    const wa = weights[l];
    const wb = weights[l + 1];
    const wc = weights[l + 2];
    const wd = weights[l + 3];
    for (let j = 0; j < vector.length; j++) {
      const value = vector[j];
      a[j] += wa * value;
      b[j] += wb * value;
      c[j] += wc * value;
      d[j] += wd * value;
    }
  }
  for (let l = whole; l < columns.length; l++) addTimes(columns[l], weights[l], vector);
}

/** out += times · vector, as far as it reaches */
function addTimes(out: Float64Array, times: number, vector: Float64Array): void {
  for (let l = 0; l < vector.length; l++) out[l] += times * vector[l];
}
