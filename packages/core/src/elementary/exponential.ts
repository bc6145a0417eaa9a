import { powerOfTwo } from "./binary.ts";
import { LN2_HIGH, LN2_LOW } from "./logarithm.ts";
import { polynomial } from "./polynomial.ts";

// e^x = 2ⁿ e^r with n = ⌊x / ln 2⌉ and |r| ≤ ln 2 / 2 in two parts; e^r by its Taylor series, 1 + r added without an error.
// Additions and products alone: the bits are the same wherever JavaScript runs.

/** Far beyond these, e^x is 0, or ∞; near them, its last product says so. */
const LOWEST = -746;
const HIGHEST = 710;

/** The natural exponential, within 1 ulp. */
export function exponential(x: number): number {
  return exponentialOf(x, 0);
}

/** e^(x + correction), within 1 ulp. in: correction, at most an ulp of x */
export function exponentialOf(x: number, correction: number): number {
  if (!(x >= LOWEST && x <= HIGHEST)) return x > HIGHEST ? Number.POSITIVE_INFINITY : x < LOWEST ? 0 : x;
  const n = Math.floor(x * (1 / Math.LN2) + 0.5);
  const high = x - n * LN2_HIGH;
  const low = n * LN2_LOW - correction;
  const r = high - low;
  const rest = high - r - low;
  const sum = 1 + r;
  return scale(sum + (1 - sum + r + (r * r * polynomial(r, SERIES) + rest)), n);
}

/** 1/2!, 1/3!, …: the coefficients of (e^r − 1 − r) / r² */
const SERIES = Float64Array.of(
  1 / 2,
  1 / 6,
  1 / 24,
  1 / 120,
  1 / 720,
  1 / 5040,
  1 / 40320,
  1 / 362880,
  1 / 3628800,
  1 / 39916800,
  1 / 479001600,
  1 / 6227020800,
  1 / 87178291200,
);

/** value · 2ⁿ, rounded once. in: value between ½ and 2 */
function scale(value: number, n: number): number {
  if (n > 1023) return value * 2 * powerOfTwo(n - 1);
  if (n < -1021) return value * powerOfTwo(n + 100) * 2 ** -100;
  return value * powerOfTwo(n);
}
