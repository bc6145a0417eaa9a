import { Matrix as Dense, SingularValueDecomposition } from "ml-matrix";
import { invertTriangle } from "./cholesky.ts";
import { zeros } from "./doubles.ts";
import { greatestSize } from "./extremes.ts";
import { exponentOf, timesPower } from "./powers-of-two.ts";

// A = U s Vᵀ. Small matrices are decomposed by Jacobi's method on one side: turns of two columns at a time make all columns
// orthogonal, A V = U s. Small singular values keep their digits beside large ones, which a decomposition by way of
// bidiagonal matrices loses. The latter is three times as fast for 64 columns.

/** Up to this many columns, turns take no longer. */
const MOST_TURNED = 8;

/**
 * Replaces the columns of A by those of U s, one for each singular value.
 * in: columns, one after the other, finite, as long as there are columns. out: columns; lengths, the singular values
 */
export function toSingularColumns(columns: Float64Array, lengths: Float64Array): void {
  if (lengths.length <= MOST_TURNED) orthogonalize(columns, lengths);
  else decompose(columns, lengths);
}

/**
 * The columns of diag(1/h) L, for `toSingularColumns`; null if they are not finite. A row whose width is infinite becomes 0, whatever it holds.
 * in: factor, W = L⁻¹, packed; widths h, d
 */
export function columnsOfRoot(factor: Float64Array, widths: Float64Array): Float64Array | null {
  const size = widths.length;
  const lower = invertTriangle(factor, size);
  const columns = zeros(size * size);
  for (let i = 0, at = 0; i < size; i++) {
    for (let j = 0; j <= i; j++, at++) {
      const entry = widths[i] === Number.POSITIVE_INFINITY ? 0 : lower[at] / widths[i];
      if (!Number.isFinite(entry)) return null;
      columns[j * size + i] = entry;
    }
  }
  return columns;
}

function decompose(columns: Float64Array, lengths: Float64Array): void {
  const size = lengths.length;
  const dense = new Dense(size, size);
  for (let j = 0; j < size; j++) for (let i = 0; i < size; i++) dense.set(i, j, columns[j * size + i]);
  const { diagonal, leftSingularVectors } = new SingularValueDecomposition(dense, SVD_OPTIONS);
  lengths.set(diagonal);
  for (let l = 0; l < size; l++) {
    for (let i = 0; i < size; i++) columns[l * size + i] = lengths[l] * leftSingularVectors.get(i, l);
  }
}

const SVD_OPTIONS = { computeLeftSingularVectors: true, computeRightSingularVectors: false };

/** Six to ten sweeps are enough; turns that rounding asks for again and again end here. */
const MOST_SWEEPS = 40;

/** Beyond these exponents, squares might leave the range of doubles. */
const SAFE = 200;

function orthogonalize(columns: Float64Array, lengths: Float64Array): void {
  const power = safePower(columns);
  for (let i = 0; power !== 0 && i < columns.length; i++) columns[i] = timesPower(columns[i], -power);
  longestFirst(columns, lengths);
  for (let sweep = 0; sweep < MOST_SWEEPS && turnAll(columns, lengths); sweep++);
  setSquares(columns, lengths);
  for (let l = 0; l < lengths.length; l++) lengths[l] = timesPower(Math.sqrt(lengths[l]), power);
  for (let i = 0; power !== 0 && i < columns.length; i++) columns[i] = timesPower(columns[i], power);
}

function safePower(columns: Float64Array): number {
  const power = exponentOf(greatestSize(columns));
  return Math.abs(power) < SAFE ? 0 : power;
}

/** Sorted columns need fewer turns. out: squares, of lengths, of any columns */
function longestFirst(columns: Float64Array, squares: Float64Array): void {
  setSquares(columns, squares);
  const size = squares.length;
  for (let a = 0; a + 1 < size; a++) {
    let longest = a;
    for (let b = a + 1; b < size; b++) if (squares[b] > squares[longest]) longest = b;
    if (longest === a) continue;
    squares[longest] = squares[a];
    for (let i = a * size, j = longest * size; i < (a + 1) * size; i++, j++) {
      const value = columns[i];
      columns[i] = columns[j];
      columns[j] = value;
    }
  }
}

function setSquares(columns: Float64Array, squares: Float64Array): void {
  const size = squares.length;
  for (let l = 0; l < size; l++) squares[l] = product(columns, l * size, l * size, size);
}

/** Turns each pair of columns once. out: squares, of their lengths; whether a pair was turned */
function turnAll(columns: Float64Array, squares: Float64Array): boolean {
  let turned = false;
  setSquares(columns, squares);
  for (let a = 0; a < squares.length; a++) {
    for (let b = a + 1; b < squares.length; b++) if (turn(columns, squares, a, b)) turned = true;
  }
  return turned;
}

/** Turns two columns in their plane until they are orthogonal. out: false: they were */
function turn(columns: Float64Array, squares: Float64Array, a: number, b: number): boolean {
  const size = squares.length;
  const along = product(columns, a * size, b * size, size);
  if (!(Math.abs(along) > size * 2 ** -53 * Math.sqrt(squares[a]) * Math.sqrt(squares[b]))) return false;
  const half = (squares[b] - squares[a]) / (2 * along);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(1 + half * half));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let i = a * size, j = b * size; i < (a + 1) * size; i++, j++) {
    const left = columns[i];
    const right = columns[j];
    columns[i] = cosine * left - sine * right;
    columns[j] = sine * left + cosine * right;
  }
  squares[a] -= tangent * along;
  squares[b] += tangent * along;
  return true;
}

function product(columns: Float64Array, a: number, b: number, size: number): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    s += columns[a + i] * columns[b + i];
    t += columns[a + i + 1] * columns[b + i + 1];
    u += columns[a + i + 2] * columns[b + i + 2];
    v += columns[a + i + 3] * columns[b + i + 3];
  }
  for (; i < size; i++) s += columns[a + i] * columns[b + i];
  return s + t + (u + v);
}
