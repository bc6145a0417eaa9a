// Doubles by their exponents.

const LEAST = -1074;
const MOST = 1023;

/** All powers of two that are doubles: a table is read faster than bits are put together. */
const powers = new Float64Array(MOST - LEAST + 1);
powers[0] = Number.MIN_VALUE;
for (let i = 1; i < powers.length; i++) powers[i] = 2 * powers[i - 1];

/** 2^exponent, exactly where that is a double, and else 0 or ∞. in: a whole number */
export function powerOfTwo(exponent: number): number {
  return powers[exponent - LEAST] ?? (exponent < 0 ? 0 : Number.POSITIVE_INFINITY);
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);
double[0] = 1;
/** Where the upper half of a double stands: hosts differ. */
const UPPER = halves[1] === 0 ? 0 : 1;

/** The upper half of the bits: sign, exponent, and the first 20 bits of the fraction. */
export function upperBits(value: number): number {
  double[0] = value;
  return halves[UPPER];
}
