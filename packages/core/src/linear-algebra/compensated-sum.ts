import { twoSumError } from "../elementary/rounding.ts";
import { copyOf, zeros } from "./doubles.ts";

/** Sums, and for each of them what its additions rounded away. The exact sum is the sum of both. */
export interface CompensatedSums {
  readonly sums: Float64Array;
  readonly errors: Float64Array;
}

/** in: sums, which are kept and added to; default all 0 */
export function compensatedSums(length: number, sums: Float64Array = zeros(length)): CompensatedSums {
  return { sums, errors: zeros(length) };
}

/** Adds to one of the sums without losing a bit (two-sum). */
export function add({ sums, errors }: CompensatedSums, index: number, value: number): void {
  const before = sums[index];
  const sum = before + value;
  errors[index] += twoSumError(before, value, sum);
  sums[index] = sum;
}

/** Adds other sums, each without losing a bit (two-sum). out: to */
export function addSums(to: CompensatedSums, added: CompensatedSums): void {
  const { sums, errors } = to;
  for (let i = 0; i < sums.length; i++) {
    const before = sums[i];
    const value = added.sums[i];
    const sum = before + value;
    errors[i] = errors[i] + added.errors[i] + twoSumError(before, value, sum);
    sums[i] = sum;
  }
}

/** The sums from `first` to `end`, with their errors added. */
export function roundSums({ sums, errors }: CompensatedSums, first = 0, end: number = sums.length): Float64Array {
  const all = copyOf(sums, first, end);
  for (let i = 0; i < all.length; i++) all[i] += errors[first + i];
  return all;
}
