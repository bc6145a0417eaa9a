// Elementary functions to 60 digits and more, in whole numbers: fixed point with so many bits after the point.

export const BITS = 240n;
export const ONE: bigint = 1n << BITS;

/** The exact value of a finite double, in fixed point, or ten bits less than 2⁻²⁴⁰ off it. */
export function fixed(value: number): bigint {
  let [scaled, exponent] = [value, 0];
  while (scaled !== 0 && Math.abs(scaled) < 2 ** 52) {
    scaled *= 2;
    exponent++;
  }
  const shift = BITS - BigInt(exponent);
  return shift >= 0n ? BigInt(scaled) << shift : BigInt(scaled) >> -shift;
}

/** Σ z^i / (first · (first + 1) ⋯), by terms that get small. */
function sumOf(firstTerm: bigint, next: (term: bigint, i: bigint) => bigint): bigint {
  let [sum, term, i] = [0n, firstTerm, 0n];
  while (term !== 0n) {
    sum += term;
    i++;
    term = next(term, i);
  }
  return sum;
}

/** 2 artanh(1/q) */
function twiceArtanh(q: bigint): bigint {
  let [sum, power] = [0n, (2n * ONE) / q];
  for (let i = 1n; power !== 0n; i += 2n) {
    sum += power / i;
    power /= q * q;
  }
  return sum;
}

export const LN2: bigint = twiceArtanh(3n);

/** arctan(1/q) */
function arctan(q: bigint): bigint {
  let [sum, power, sign] = [0n, ONE / q, 1n];
  for (let i = 1n; power !== 0n; i += 2n) {
    sum += (sign * power) / i;
    power /= q * q;
    sign = -sign;
  }
  return sum;
}

export const TURN: bigint = 8n * (4n * arctan(5n) - arctan(239n));

/** A number m · 2^−shift: how a double is compared with it. */
export interface Precise {
  readonly mantissa: bigint;
  readonly shift: bigint;
}

/** e^x */
export function preciseExponential(x: number): Precise {
  return exponentialOf(fixed(x));
}

function exponentialOf(argument: bigint): Precise {
  const n = argument / LN2;
  const rest = argument - n * LN2;
  return { mantissa: sumOf(ONE, (term, i) => ((term * rest) >> BITS) / i), shift: BITS - n };
}

/** log x. in: x > 0 */
export function preciseLogarithm(x: number): Precise {
  return { mantissa: logarithmOf(x), shift: BITS };
}

/** in: x > 0. out: log x, in fixed point */
export function logarithmOf(x: number): bigint {
  // x = m 2^e with m near 1
  let exponent = 0;
  let scaled = x;
  for (; scaled >= 1.5; exponent++) scaled /= 2;
  for (; scaled < 0.75; exponent--) scaled *= 2;
  return logarithmNearOne(fixed(scaled)) + BigInt(exponent) * LN2;
}

/** log m, in fixed point, as m is: 2 artanh((m − 1) / (m + 1)). in: m, near 1 */
export function logarithmNearOne(m: bigint): bigint {
  const s = ((m - ONE) << BITS) / (m + ONE);
  const square = (s * s) >> BITS;
  let [sum, power] = [0n, 2n * s];
  for (let i = 1n; power !== 0n && power !== -1n; i += 2n) {
    sum += power / i;
    power = (power * square) >> BITS;
  }
  return sum;
}

/** base^exponent. in: base > 0 */
export function precisePower(base: number, exponent: number): Precise {
  return exponentialOf((logarithmOf(base) * fixed(exponent)) >> BITS);
}

/** cos 2πt. in: 0 ≤ t ≤ 1 */
export function preciseCosineOfTurns(t: number): Precise {
  const angle = (fixed(t) * TURN) >> BITS;
  const square = (angle * angle) >> BITS;
  const mantissa = sumOf(ONE, (term, i) => -((term * square) >> BITS) / (2n * i * (2n * i - 1n)));
  return { mantissa, shift: BITS };
}

/** What a sum of roundings makes of an exact 0 stays below. */
const NOISE = 1n << 20n;

/** |value − exact| in units of the last place of the exact value. */
export function ulpsOff(value: number, { mantissa, shift }: Precise): number {
  const size = mantissa < 0n ? -mantissa : mantissa;
  if (size < NOISE) return value === 0 ? 0 : Number.POSITIVE_INFINITY;
  // 2^(length − 1 − shift) ≤ |exact| < 2^(length − shift)
  const exponent = BigInt(size.toString(2).length) - 1n - shift;
  const place = exponent - 52n < -1074n ? -1074n : exponent - 52n;
  let [scaled, power] = [value, 0n];
  while (scaled !== 0 && !Number.isInteger(scaled)) {
    scaled *= 2;
    power++;
  }
  // the difference, times 2^(shift + power)
  const difference =
    (BigInt(scaled) << (shift > 0n ? shift : 0n)) - shifted(mantissa, power - (shift > 0n ? 0n : shift));
  const unit = place + (shift > 0n ? shift : 0n) + power;
  return Number(shifted(difference < 0n ? -difference : difference, 40n - unit)) / 2 ** 40;
}

function shifted(value: bigint, by: bigint): bigint {
  return by >= 0n ? value << by : value >> -by;
}
