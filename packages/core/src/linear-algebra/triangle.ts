import { zeros } from "./doubles.ts";

// Triangles are packed by rows: entry (row, column), column ≤ row, stands at row·(row + 1)/2 + column.
// A packed lower triangle is a factor (L, W = L⁻¹); the same packing holds one half of a symmetric matrix.

export function triangleLength(size: number): number {
  return (size * (size + 1)) / 2;
}

/** The index at which row `row` of a packed triangle begins. */
export function triangleRow(row: number): number {
  return (row * (row + 1)) / 2;
}

/** out: d */
export function triangleDiagonal(
  packed: Float64Array,
  size: number,
  diagonal: Float64Array = zeros(size),
): Float64Array {
  for (let i = 0, at = 0; i < size; i++, at += i + 1) diagonal[i] = packed[at];
  return diagonal;
}
