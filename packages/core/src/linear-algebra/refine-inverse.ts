import { twoProductError, twoSumError, upperHalf } from "../elementary/rounding.ts";
import { type CompensatedSums, compensatedSums } from "./compensated-sum.ts";
import { zeros } from "./doubles.ts";
import { triangleRow } from "./triangle.ts";

/** Room for one step of `refineInverse`. */
export interface RefiningRoom {
  readonly product: CompensatedSums;
  readonly residual: Float64Array;
  /** a row of W, and all of A as d × d numbers */
  readonly row: Halves;
  readonly symmetric: Halves;
}

/** Numbers, and what `twoProductError` splits them into. */
interface Halves {
  readonly values: Float64Array;
  readonly highs: Float64Array;
}

export function refiningRoom(size: number): RefiningRoom {
  const halves = (length: number) => ({ values: zeros(length), highs: zeros(length) });
  return {
    product: compensatedSums(size),
    residual: zeros(size),
    row: halves(size),
    symmetric: halves(size * size),
  };
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
  room: RefiningRoom = refiningRoom(size),
): void {
  const { residual } = room;
  const { sums, errors } = room.product;
  splitSymmetric(symmetric, size, room.symmetric);
  // From the last row up, because the correction of a row uses the old values of the rows above it.
  for (let i = size - 1; i >= 0; i--) {
    const row = triangleRow(i);
    splitRow(inverse, i, room.row);
    rowTimesSymmetric(room, i, size);
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

/** out: to, of A, packed */
function splitSymmetric(symmetric: Float64Array, size: number, { values, highs }: Halves): void {
  for (let i = 0, at = 0; i < size; i++) {
    for (let j = 0; j <= i; j++, at++) {
      const entry = i * size + j;
      const mirrored = j * size + i;
      values[entry] = symmetric[at];
      highs[entry] = upperHalf(symmetric[at]);
      values[mirrored] = values[entry];
      highs[mirrored] = highs[entry];
    }
  }
}

function splitRow(triangle: Float64Array, i: number, { values, highs }: Halves): void {
  for (let l = 0, at = triangleRow(i); l <= i; l++, at++) {
    values[l] = triangle[at];
    highs[l] = upperHalf(triangle[at]);
  }
}

/** product_j = Σ_l W_il A_lj for all j up to i. in: row i of W, and A, in halves */
function rowTimesSymmetric({ product, row, symmetric }: RefiningRoom, i: number, size: number): void {
  const { sums, errors } = product;
  const { values, highs } = row;
  const { values: others, highs: otherHighs } = symmetric;
  for (let j = 0; j <= i; j++) {
    let sum = 0;
    let error = 0;
    for (let l = 0, at = j * size; l <= i; l++, at++) {
      const a = values[l];
      const aHigh = highs[l];
      const aLow = a - aHigh;
      const b = others[at];
      const bHigh = otherHighs[at];
      const bLow = b - bHigh;
      const product = a * b;
      const next = sum + product;
      const lost = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
      error += twoSumError(sum, product, next) + (Number.isFinite(lost) ? lost : 0);
      sum = next;
    }
    sums[j] = sum;
    errors[j] = error;
  }
}
