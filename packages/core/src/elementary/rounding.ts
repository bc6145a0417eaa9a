// What an operation rounds away, exactly.

/** The exact rounding error of a + b = sum (Knuth's two-sum): a + b = sum + twoSumError(a, b, sum). */
export function twoSumError(a: number, b: number, sum: number): number {
  const virtual = sum - a;
  return a - (sum - virtual) + (b - virtual);
}

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

/** The remainder of a / b = quotient, as a double. */
export function quotientError(a: number, b: number, quotient: number): number {
  const product = quotient * b;
  return (a - product - twoProductError(quotient, b, product)) / b;
}

/** The upper 26 bits of a double. */
export function upperHalf(value: number): number {
  const shifted = value * (2 ** 27 + 1);
  return shifted - (shifted - value);
}
