import { powerOfTwo } from "./binary.ts";
import { exponentOf, LEAST_NORMAL, LN2_HIGH, LN2_LOW } from "./logarithm.ts";
import { over, type Pair, pairOf, pairPolynomial, plus, productOf, sumOf, times } from "./pair.ts";
import { polynomial } from "./polynomial.ts";

// log x = n ln 2 + 2 artanh s with x = 2ⁿ m, √½ ≤ m < √2 and s = (m − 1) / (m + 1):
//   2 artanh s = 2s (1 + z/3 + z²/5 + …), z = s² ≤ 0.0295.

const ONE = pairOf(1);
const THIRD: Pair = { high: 1 / 3, low: 1.850371707708594e-17 };
/** 1/5, 1/7, … */
const ODD = Float64Array.from({ length: 12 }, (_, i) => 1 / (2 * i + 5));

/** log x, with an error below 2⁻⁶⁴ of it. in: x, positive and finite */
export function pairLogarithm(x: number): Pair {
  const small = x < LEAST_NORMAL;
  const normal = small ? x * 2 ** 54 : x;
  const exponent = exponentOf(normal);
  const m = normal * powerOfTwo(-exponent);
  const s = over(pairOf(m - 1), sumOf(m, 1));
  const z = times(s, s);
  const series = times(s, pairPolynomial(z, [ONE, THIRD], polynomial(z.high, ODD)));
  const n = small ? exponent - 54 : exponent;
  return plus(plus(pairOf(n * LN2_HIGH), productOf(n, LN2_LOW)), {
    high: 2 * series.high,
    low: 2 * series.low,
  });
}

/** log of a pair. in: x, positive and finite */
export function logarithmOfPair({ high, low }: Pair): Pair {
  return plus(pairLogarithm(high), pairOf(low / high));
}
