import { add, type CompensatedSums } from "./compensated-sum.ts";

/**
 * The exact rounding error of a · b = product (Dekker's two-product): a · b = product + twoProductError(a, b, product).
 * It is 0 if the product, or a half of a factor, leaves the range of doubles.
 */
export function twoProductError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  const error = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return Number.isFinite(error) ? error : 0;
}

/** Adds a · b to one of the sums without losing a bit of the product or the sum. */
export function addProduct(to: CompensatedSums, index: number, a: number, b: number): void {
  const product = a * b;
  add(to, index, product);
  to.errors[index] += twoProductError(a, b, product);
}

/** The remainder of a / b = quotient, as a double. */
export function quotientError(a: number, b: number, quotient: number): number {
  const product = quotient * b;
  return (a - product - twoProductError(quotient, b, product)) / b;
}

/** The upper 26 bits of a double. */
function upperHalf(value: number): number {
  const shifted = value * (2 ** 27 + 1);
  return shifted - (shifted - value);
}
