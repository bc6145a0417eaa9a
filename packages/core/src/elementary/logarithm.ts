import { powerOfTwo, upperBits } from "./binary.ts";
import { polynomial } from "./polynomial.ts";

// log x = n · ln 2 + log(1 + f) with x = 2ⁿ (1 + f) and √½ ≤ 1 + f < √2. With s = f / (2 + f),
//   log(1 + f) = f − (f²/2 − s (f²/2 + R(s²))),   R(z) = ⅔z + ⅖z² + … fitted to 2⁻⁵⁸ (Sun's fdlibm, e_log.c).
// Additions, products and quotients alone: the bits are the same wherever JavaScript runs.

/** ln 2 in two parts; n · high is exact */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;

/** R(z) / z */
export const REMAINDER: Float64Array = Float64Array.of(
  0.6666666666666735,
  0.3999999999940942,
  0.2857142874366239,
  0.22222198432149784,
  0.1818357216161805,
  0.15313837699209373,
  0.14798198605116586,
);

/** The upper bits of √½: subtracted from those of x, they leave n in the place of the exponent. */
const ROOT_HALF = 0x3fe6a09e;

export const LEAST_NORMAL: number = 2 ** -1022;

/** The natural logarithm, within 1 ulp. out: −∞ at 0, NaN below */
export function logarithm(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  if (x < LEAST_NORMAL) return shiftedLogarithm(x * 2 ** 54, -54);
  return shiftedLogarithm(x, 0);
}

/** n, where x = 2ⁿ m with √½ ≤ m < √2. in: x, normal and positive */
export function exponentOf(x: number): number {
  return (upperBits(x) - ROOT_HALF) >> 20;
}

/** n ln 2 + log x. in: x, normal and positive */
function shiftedLogarithm(x: number, n: number): number {
  const exponent = exponentOf(x);
  const power = n + exponent;
  const f = x * powerOfTwo(-exponent) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const remainder = z * polynomial(z, REMAINDER);
  const halfSquare = 0.5 * f * f;
  return power * LN2_HIGH - (halfSquare - (s * (halfSquare + remainder) + power * LN2_LOW) - f);
}
