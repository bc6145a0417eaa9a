import { quotientError, twoProductError, twoSumError } from "./rounding.ts";

// Numbers as sums of two doubles, for functions that are to be right to the last bit: about 100 bits.

/** high + low, where high is the sum, rounded */
export interface Pair {
  readonly high: number;
  readonly low: number;
}

export function pairOf(high: number): Pair {
  return { high, low: 0 };
}

/** a + b, exactly */
export function sumOf(a: number, b: number): Pair {
  const high = a + b;
  return { high, low: twoSumError(a, b, high) };
}

/** a · b, exactly unless it leaves the range of doubles */
export function productOf(a: number, b: number): Pair {
  const high = a * b;
  return { high, low: twoProductError(a, b, high) };
}

/** a / b, to about 100 bits */
export function quotientOf(a: number, b: number): Pair {
  const high = a / b;
  return { high, low: quotientError(a, b, high) };
}

export function plus(a: Pair, b: Pair): Pair {
  const { high, low } = sumOf(a.high, b.high);
  return sumOf(high, low + (a.low + b.low));
}

export function times(a: Pair, b: Pair): Pair {
  const { high, low } = productOf(a.high, b.high);
  return sumOf(high, low + (a.high * b.low + a.low * b.high));
}

export function over(a: Pair, b: Pair): Pair {
  const { high, low } = quotientOf(a.high, b.high);
  return sumOf(high, low + (a.low - high * b.low) / b.high);
}

/** Σ c_i x^i, by Horner's rule. in: the first coefficients; tail, what comes after their last power of x, divided by it */
export function pairPolynomial(x: Pair, coefficients: readonly Pair[], tail: number): Pair {
  return coefficients.reduceRight((sum, coefficient) => plus(times(sum, x), coefficient), pairOf(tail));
}
