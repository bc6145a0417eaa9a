import { BITS, fixed, LN2, logarithmNearOne, logarithmOf, ONE, type Precise, TURN } from "./precise.ts";

// log Γ and ψ to 60 digits and more: steps of 1 up to 60 and beyond, then the asymptotic series.

const STEPS = 60;
const TERMS = 40;
/** More bits for powers of 1/z: they get small where Bernoulli's numbers get large. */
const MORE = 300n;

/** B₂, B₄, … as fractions, by Akiyama and Tanigawa. */
const BERNOULLI: readonly (readonly [numerator: bigint, denominator: bigint])[] = bernoulli();

function bernoulli(): [bigint, bigint][] {
  const found: [bigint, bigint][] = [];
  const row: [bigint, bigint][] = [];
  for (let m = 0; m <= 2 * TERMS; m++) {
    row[m] = [1n, BigInt(m + 1)];
    for (let j = m; j > 0; j--) {
      const [[a, b], [c, d]] = [row[j - 1], row[j]];
      row[j - 1] = reduced(BigInt(j) * (a * d - c * b), b * d);
    }
    if (m > 0 && m % 2 === 0) found.push(row[0]);
  }
  return found;
}

function reduced(numerator: bigint, denominator: bigint): [bigint, bigint] {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return [numerator / a, denominator / a];
}

/** log z of a number in fixed point. in: z ≥ 1 */
function logarithmOfFixed(z: bigint): bigint {
  const exponent = BigInt((z >> BITS).toString(2).length) - 1n;
  return logarithmNearOne(z >> exponent) + exponent * LN2;
}

/** z⁻² to z⁻²ᵐ, each with `MORE` bits more than fixed point has, and its Bernoulli number. */
function powersOfInverse(
  z: bigint,
  see: (power: bigint, numerator: bigint, denominator: bigint, twice: bigint) => void,
): void {
  const square = ((ONE * ONE * ONE) << MORE) / (z * z);
  let power = square;
  BERNOULLI.forEach(([numerator, denominator], i) => {
    see(power, numerator, denominator, BigInt(2 * i + 2));
    power = (power * square) >> (BITS + MORE);
  });
}

/** log Γ(x). in: x > 0 */
export function preciseLogGamma(x: number): Precise {
  let product = ONE;
  for (let i = 1n; i < STEPS; i++) product = (product * (fixed(x) + i * ONE)) >> BITS;
  const z = fixed(x) + BigInt(STEPS) * ONE;
  const log = logarithmOfFixed(z);
  let sum = (((z - ONE / 2n) * log) >> BITS) - z + logarithmOfFixed(TURN) / 2n;
  powersOfInverse(z, (power, numerator, denominator, twice) => {
    sum += ((power * z * numerator) >> (BITS + MORE)) / (denominator * twice * (twice - 1n));
  });
  return { mantissa: sum - logarithmOfFixed(product) - logarithmOf(x), shift: BITS };
}

/** ψ(x). in: x ≥ 2⁻¹⁰⁰ */
export function preciseDigamma(x: number): Precise {
  let sum = 0n;
  for (let i = 0n; i < STEPS; i++) sum -= (ONE * ONE) / (fixed(x) + i * ONE);
  const z = fixed(x) + BigInt(STEPS) * ONE;
  sum += logarithmOfFixed(z) - (ONE * ONE) / z / 2n;
  powersOfInverse(z, (power, numerator, denominator, twice) => {
    sum -= ((power * numerator) / (denominator * twice)) >> MORE;
  });
  return { mantissa: sum, shift: BITS };
}
