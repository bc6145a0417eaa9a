import { exponentialOf } from "./exponential.ts";
import { productOf } from "./pair.ts";
import { pairLogarithm } from "./pair-logarithm.ts";

/** base^exponent, within 1 ulp. in: base, positive and finite; exponent, finite */
export function power(base: number, exponent: number): number {
  const { high, low } = pairLogarithm(base);
  const product = productOf(exponent, high);
  return exponentialOf(product.high, product.low + exponent * low);
}
