import { cholesky, invertTriangle } from "../linear-algebra/cholesky.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import type { Covariances, Singular } from "./covariance.ts";

// What full (k matrices) and tied (one) have in common: `count` packed symmetric matrices one after the other.

export function factorizeMatrices(covariances: Float64Array, count: number, features: number): Float64Array | Singular {
  const length = triangleLength(features);
  const factors = new Float64Array(count * length);
  for (let matrix = 0; matrix < count; matrix++) {
    const factor = cholesky(covariances, features, matrix * length);
    if (factor === null)
      return { collapsed: matrix, rank: leadingRank(covariances.subarray(matrix * length), features) };
    factors.set(invertTriangle(factor, features), matrix * length);
  }
  return factors;
}

/** Σ_ij · 2^(e_i + e_j) and W_ij · 2^(−e_j) of every matrix. */
export function rescaleMatrices(
  { packedCovariances, factors }: Covariances,
  exponents: readonly number[],
): Covariances {
  const places = exponents.flatMap((_, i) => exponents.slice(0, i + 1).map((_, j) => [i, j] as const));
  const at = (index: number) => places[index % places.length];
  return {
    packedCovariances: packedCovariances.map((value, index) => {
      const [i, j] = at(index);
      return timesPower(timesPower(value, exponents[i]), exponents[j]);
    }),
    factors: factors.map((value, index) => timesPower(value, -exponents[at(index)[1]])),
  };
}

/** Packed symmetric → d × d, row-major. */
export function expandSymmetric(packed: Float64Array, count: number, features: number): Float64Array {
  return expandTriangles(packed, count, features, true);
}

/** Packed lower W → its transpose U, d × d, row-major. */
export function expandTransposed(packed: Float64Array, count: number, features: number): Float64Array {
  return expandTriangles(packed, count, features, false);
}

function expandTriangles(packed: Float64Array, count: number, features: number, symmetric: boolean): Float64Array {
  const square = features * features;
  const out = new Float64Array(count * square);
  let index = 0;
  for (let matrix = 0; matrix < count; matrix++) {
    for (let i = 0; i < features; i++) {
      for (let j = 0; j <= i; j++, index++) {
        out[matrix * square + j * features + i] = packed[index];
        if (symmetric) out[matrix * square + i * features + j] = packed[index];
      }
    }
  }
  return out;
}

/** `count` times variance · I, packed. */
export function isotropicMatrices(variance: number, count: number, features: number): Float64Array {
  const length = triangleLength(features);
  const packed = new Float64Array(count * length);
  for (let matrix = 0; matrix < count; matrix++) {
    for (let i = 0; i < features; i++) packed[matrix * length + triangleRow(i) + i] = variance;
  }
  return packed;
}

/** d × d, row-major → packed lower triangles. */
export function packMatrices(matrices: Float64Array, count: number, features: number): Float64Array {
  const packed = new Float64Array(count * triangleLength(features));
  let index = 0;
  for (let matrix = 0; matrix < count; matrix++) {
    for (let i = 0; i < features; i++) {
      const row = (matrix * features + i) * features;
      for (let j = 0; j <= i; j++) packed[index++] = matrices[row + j];
    }
  }
  return packed;
}

/** Σ_jj of every matrix. out: count × d */
export function diagonals(packed: Float64Array, count: number, features: number): Float64Array {
  const out = new Float64Array(count * features);
  for (let matrix = 0, index = 0, start = 0; matrix < count; matrix++, start += triangleLength(features)) {
    for (let j = 0; j < features; j++) out[index++] = packed[start + triangleRow(j) + j];
  }
  return out;
}

/** A row of numbers, once for each component. */
export function repeated(values: Float64Array, times: number): Float64Array {
  return Float64Array.from({ length: values.length * times }, (_, i) => values[i % values.length]);
}

/** Size of the largest leading part that is positive definite. */
function leadingRank(symmetric: Float64Array, features: number): number {
  let rank = features;
  while (cholesky(symmetric, rank) === null) rank--;
  return rank;
}
