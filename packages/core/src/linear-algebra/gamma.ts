import { logarithm } from "../elementary/logarithm.ts";

/** ζ(n) − 1 for n = 2, 3, …: the Taylor coefficients of log Γ about 2, apart from signs and 1/n. */
const ZETAS: readonly number[] = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645,
  0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5,
  7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365043e-8,
  7.45071178983543e-9, 3.725334024788457e-9,
];

/** 1 − γ = ψ(2), where γ is Euler's constant */
const DIGAMMA_OF_TWO = 0.42278433509846713;

/** log √2π */
const HALF_LOG_TURN = 0.9189385332046728;

/** From here on, the asymptotic series give all digits. */
const ASYMPTOTIC = 10;

/** log Γ(x), with an error of about 10⁻¹⁵ · max(1, |log Γ(x)|). in: x > 0 */
export function logGamma(x: number): number {
  if (x >= ASYMPTOTIC) {
    const tail = series(x, [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400]);
    return (x - 0.5) * logarithm(x) - x + HALF_LOG_TURN + tail / x;
  }
  const { h, factor, below } = nearTwo(x);
  return logGammaNearTwo(h) + (below ? -1 : 1) * logarithm(factor);
}

/** ψ(x), the derivative of log Γ, with an error of about 10⁻¹⁵ · max(1, |ψ(x)|). in: x > 0 */
export function digamma(x: number): number {
  if (x >= ASYMPTOTIC) {
    const tail = series(x, [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160]);
    return logarithm(x) - 0.5 / x - tail / x / x;
  }
  const { h, sum } = nearTwo(x);
  let value = 0;
  for (let i = ZETAS.length - 1; i >= 0; i--) value = (value + (i % 2 === 0 ? 1 : -1) * ZETAS[i]) * h;
  return value + DIGAMMA_OF_TWO + sum;
}

/** Σ c_i x^(−2i) */
function series(x: number, coefficients: readonly number[]): number {
  const square = 1 / (x * x);
  return coefficients.reduceRight((sum, coefficient) => sum * square + coefficient, 0);
}

/**
 * Goes from x in steps of 1 to 2 + h with |h| ≤ ½, by Γ(x + 1) = x Γ(x).
 * out: Γ(x) = Γ(2 + h) · factor, or Γ(2 + h) / factor if x is below 2; ψ(x) = ψ(2 + h) + sum
 */
function nearTwo(x: number): { h: number; factor: number; below: boolean; sum: number } {
  let [at, factor, sum] = [x, 1, 0];
  for (; at < 1.5; at++) {
    factor *= at;
    sum -= 1 / at;
  }
  while (at > 2.5) {
    at--;
    factor *= at;
    sum += 1 / at;
  }
  // Near 1, the rounding of x + 1 would be visible.
  const h = x < 1.5 && x > 0.5 ? x - 1 : at - 2;
  return { h, factor, below: x < 1.5, sum };
}

function logGammaNearTwo(h: number): number {
  let value = 0;
  for (let i = ZETAS.length - 1; i >= 0; i--) value = (value + ((i % 2 === 0 ? 1 : -1) * ZETAS[i]) / (i + 2)) * h;
  return (value + DIGAMMA_OF_TWO) * h;
}
