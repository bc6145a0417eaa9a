// Exact rationals, for errors far below the spacing of doubles.

/** numerator / denominator, denominator > 0 */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The exact value of a finite double. */
export function ofDouble(value: number): Rational {
  let exponent = 0;
  let scaled = value;
  // Subnormals first; then every double is an integer times a power of two.
  while (scaled !== 0 && Math.abs(scaled) < 2 ** 52) {
    scaled *= 2;
    exponent += 1;
  }
  return { numerator: BigInt(scaled), denominator: 1n << BigInt(exponent) };
}

/** A decimal number as text, such as "-1.25e-7". */
export function ofText(text: string): Rational {
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  const shift = Number(exponent) - fraction.length;
  const numerator = BigInt(whole + fraction);
  const power = 10n ** BigInt(Math.abs(shift));
  return shift < 0 ? { numerator, denominator: power } : { numerator: numerator * power, denominator: 1n };
}

export function plus(a: Rational, b: Rational): Rational {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

export function minus(a: Rational, b: Rational): Rational {
  return plus(a, { ...b, numerator: -b.numerator });
}

/** |a / b|, in double precision from 1e-40 up. */
export function ratio(a: Rational, b: Rational): number {
  const scale = 10n ** 40n;
  const quotient = (a.numerator * b.denominator * scale) / (a.denominator * b.numerator);
  return Math.abs(Number(quotient)) / 1e40;
}

export function times(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}
