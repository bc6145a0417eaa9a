import { type Matrix, QrDecomposition } from "ml-matrix";
import { triangleLength, triangleRow } from "./triangle.ts";

/**
 * L, packed, with L Lᵀ = AᵀA and a positive diagonal: Rᵀ of the QR decomposition. in: A, with at least as many rows as
 * columns
 */
export function factorOfRows(rows: Matrix): Float64Array {
  const upper = new QrDecomposition(rows).upperTriangularMatrix;
  const size = upper.columns;
  const lower = new Float64Array(triangleLength(size));
  for (let j = 0; j < size; j++) {
    const sign = upper.get(j, j) < 0 ? -1 : 1;
    for (let i = j; i < size; i++) lower[triangleRow(i) + j] = sign * upper.get(j, i);
  }
  return lower;
}
