import { powerOfTwo } from "../elementary/binary.ts";
import { twoProductError, twoSumError } from "../elementary/rounding.ts";
import { add, compensatedSums, roundSums } from "./compensated-sum.ts";
import { exponentOf } from "./powers-of-two.ts";

/**
 * Σ w v / Σ w, accurate to the last bit or two however much cancels. Without weights, the plain mean. Weights are
 * divided by a number near their total, so that nothing overflows.
 */
export function weightedMean(values: Float64Array, weights: ArrayLike<number> | null): number {
  const total = weightTotal(values.length, weights);
  const unit = powerOfTwo(-exponentOf(total));
  let [sum, error] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const weight = weights === null ? unit : weights[i] * unit;
    if (weight === 0) continue;
    if (values[i] === Number.NEGATIVE_INFINITY) return values[i];
    const product = weight * values[i];
    const next = sum + product;
    error += twoSumError(sum, product, next);
    if (weights !== null) error += twoProductError(weight, values[i], product);
    sum = next;
  }
  return (sum + error) / (total * unit);
}

/** Σ w, by compensated sums; n without weights */
export function weightTotal(count: number, weights: ArrayLike<number> | null): number {
  if (weights === null) return count;
  const total = compensatedSums(1);
  for (let i = 0; i < count; i++) add(total, 0, weights[i]);
  return roundSums(total)[0];
}
