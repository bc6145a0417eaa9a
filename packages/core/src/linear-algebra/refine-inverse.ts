import { twoProductError, twoSumError } from "../elementary/rounding.ts";
import { type CompensatedSums, compensatedSums } from "./compensated-sum.ts";
import { zeros } from "./doubles.ts";
import { triangleRow } from "./triangle.ts";

/** Room for one step of `refineInverse`. */
export interface RefiningRoom {
  readonly product: CompensatedSums;
  readonly residual: Float64Array;
}

export function refiningRoom(size: number): RefiningRoom {
  return { product: compensatedSums(size), residual: zeros(size) };
}

/**
 * One step towards W A Wᵀ = I (derivation.md eq. 41), which leaves only the rounding of W's entries. W A is Lᵀ apart
 * from errors. Below its diagonal everything cancels, so it is computed to twice the digits.
 * in: W, A, packed; W is overwritten; room, with any content
 */
export function refineInverse(
  inverse: Float64Array,
  symmetric: Float64Array,
  size: number,
  { product, residual }: RefiningRoom = refiningRoom(size),
): void {
  const { sums, errors } = product;
  // From the last row up, because the correction of a row uses the old values of the rows above it.
  for (let i = size - 1; i >= 0; i--) {
    const row = triangleRow(i);
    rowTimesSymmetric(product, inverse, i, symmetric);
    for (let j = 0, other = 0; j <= i; other += ++j) {
      let left = 0;
      for (let l = 0; l <= j && l < i; l++) left += inverse[other + l] * (sums[l] + errors[l]);
      residual[j] = left;
    }
    const near = inverse[row + i] * sums[i];
    residual[i] += near - 1 + (twoProductError(inverse[row + i], sums[i], near) + inverse[row + i] * errors[i]);
    for (let j = 0; j <= i; j++) {
      let correction = residual[i] * inverse[row + j] * 0.5;
      for (let l = j, other = triangleRow(j); l < i; other += ++l) correction += residual[l] * inverse[other + j];
      inverse[row + j] -= correction;
    }
  }
}

/** to_j = Σ_l W_il A_lj for all j up to i. in: W, A, packed */
function rowTimesSymmetric(to: CompensatedSums, inverse: Float64Array, i: number, symmetric: Float64Array): void {
  const row = triangleRow(i);
  for (let j = 0; j <= i; j++) {
    let at = triangleRow(j);
    let sum = 0;
    let error = 0;
    for (let l = 0; l <= i; l++) {
      const entry = symmetric[at];
      at += l < j ? 1 : l + 1;
      const product = inverse[row + l] * entry;
      const next = sum + product;
      error += twoSumError(sum, product, next) + twoProductError(inverse[row + l], entry, product);
      sum = next;
    }
    to.sums[j] = sum;
    to.errors[j] = error;
  }
}
