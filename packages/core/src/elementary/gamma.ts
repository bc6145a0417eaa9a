import { type Pair, pairOf, pairPolynomial, plus, productOf, quotientOf, sumOf, times } from "./pair.ts";
import { logarithmOfPair, pairLogarithm } from "./pair-logarithm.ts";
import { polynomial } from "./polynomial.ts";

// log Γ and its derivative ψ, within 1 ulp, in pairs of doubles: near the zeros, at 1, 2 and 1.46, the terms of both cancel.

/** The Taylor coefficients of log Γ about 2, divided by the first power: 1 − γ, (ζ(2) − 1) / 2, −(ζ(3) − 1) / 3 … */
const ABOUT_TWO: readonly Pair[] = [
  { high: 0.42278433509846713, low: 4.942915152430645e-18 },
  { high: 0.3224670334241132, low: 1.520336175199238e-17 },
  { high: -0.0673523010531981, low: 6.87667631175899e-18 },
];
/** … (ζ(4) − 1) / 4 … */
const ABOUT_TWO_TAIL = new Float64Array([
  0.020580808427784546, -0.007385551028673986, 0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425,
  -0.00022315475845357939, 9.945751278180853e-5, -4.492623673813314e-5, 2.050721277567069e-5, -9.439488275268397e-6,
  4.374866789907488e-6, -2.039215753801366e-6, 9.55141213040742e-7, -4.492469198764566e-7, 2.1207184805554665e-7,
  -1.0043224823968099e-7, 4.7698101693639804e-8, -2.2711094608943164e-8, 1.0838659214896955e-8, -5.183475041970047e-9,
  2.4836745438024785e-9, -1.1921401405860912e-9, 5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10,
]);

/** The zero of ψ. */
const ROOT: Pair = { high: 1.4616321449683622, low: 9.549995429965697e-17 };
/** The Taylor coefficients of ψ about it, divided by the first power. */
const ABOUT_ROOT: readonly Pair[] = [
  { high: 0.9676722454476212, low: -3.387874303038943e-17 },
  { high: -0.4427631689835921, low: -2.4685968258808798e-17 },
  { high: 0.258499760955651, low: -1.50046082237735e-17 },
  { high: -0.16394270544240652, low: -5.2948981225636345e-18 },
];
const ABOUT_ROOT_TAIL = new Float64Array([
  0.10782405069126237, -0.07219956125645471, 0.04880428816414311, -0.03316112647484736, 0.022597648232218104,
  -0.01542476590494896, 0.010538791616612175, -0.007204534386356869, 0.004926781395729853, -0.003369801655439328,
  0.002305126326734928, -0.0015769367714301972, 0.0010788252019162967, -0.0007380709389960052, 0.000504953265834602,
  -0.0003454680251063077, 0.00023635601564027053, -0.00016170622091974803, 0.0001106337276874741, -7.569179582195066e-5,
  5.178575795222081e-5, -3.5430070947659604e-5, 2.424006611860132e-5, -1.6584242271854135e-5, 1.134638458466385e-5,
  -7.762817668462094e-6, 5.3110609208898636e-6, -3.6336507898010456e-6, 2.486022733129538e-6, -1.7008538854332607e-6,
  1.1636675363548843e-6, -7.96142543124197e-7, 5.446941930669446e-7, -3.7266161283438227e-7, 2.549626552021554e-7,
  -1.7443695117727745e-7, 1.1934394829830244e-7,
]);

/** log √2π */
const HALF_LOG_TURN: Pair = { high: 0.9189385332046728, low: -3.8782941580672414e-17 };

/** From here on, the asymptotic series give all digits. */
const ASYMPTOTIC = 10;
/** Of log Γ and of ψ, by powers of x⁻². */
const LOG_GAMMA_SERIES = new Float64Array([
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
]);
const DIGAMMA_SERIES = Float64Array.of(
  1 / 12,
  -1 / 120,
  1 / 252,
  -1 / 240,
  1 / 132,
  -691 / 32760,
  1 / 12,
  -3617 / 8160,
);

/** Beyond, products of x have no exact errors, and log Γ(x) is x (log x − 1). */
const LARGE = 2 ** 900;
/** Below, ψ(x) is −1/x. */
const SMALL = 2 ** -60;

/** log Γ(x), within 1 ulp. in: x, positive and finite */
export function logGamma(x: number): number {
  if (x > LARGE) return times(plus(pairLogarithm(x), pairOf(-1)), pairOf(x * 2 ** -200)).high * 2 ** 200;
  if (x >= ASYMPTOTIC) return asymptoticLogGamma(x);
  if (x < 0.5) return minusLogarithm(x, plus(pairOf(x), productOf(x, x)));
  if (x < 1.5) return minusLogarithm(x - 1, pairOf(x));
  let [at, factor] = [x, pairOf(1)];
  while (at > 2.5) {
    at--;
    factor = times(factor, pairOf(at));
  }
  return plus(logGammaAboutTwo(at - 2), logarithmOfPair(factor)).high;
}

/** ψ(x), the derivative of log Γ, within 1 ulp. in: x, positive and finite */
export function digamma(x: number): number {
  if (x < SMALL) return -1 / x;
  if (x >= ASYMPTOTIC) {
    const { high, low } = pairLogarithm(x);
    const square = 1 / (x * x);
    return high + (low - 0.5 / x - polynomial(square, DIGAMMA_SERIES) * square);
  }
  if (x < ROOT.high - 0.5) return plus(digammaAboutRoot(sumOf(x, 1 - ROOT.high)), quotientOf(-1, x)).high;
  let [at, sum] = [x, pairOf(0)];
  while (at > ROOT.high + 0.5) {
    at--;
    sum = plus(sum, quotientOf(1, at));
  }
  return plus(digammaAboutRoot(sumOf(at, -ROOT.high)), sum).high;
}

/** log Γ(2 + h) − log factor */
function minusLogarithm(h: number, factor: Pair): number {
  const { high, low } = logarithmOfPair(factor);
  return plus(logGammaAboutTwo(h), { high: -high, low: -low }).high;
}

/** log Γ(2 + h). in: |h| ≤ ½ */
function logGammaAboutTwo(h: number): Pair {
  return times(pairPolynomial(pairOf(h), ABOUT_TWO, polynomial(h, ABOUT_TWO_TAIL)), pairOf(h));
}

/** ψ at a distance from its zero. in: distance, at most ½, from the upper part of the zero */
function digammaAboutRoot(distance: Pair): Pair {
  const exact = plus(distance, pairOf(-ROOT.low));
  return times(pairPolynomial(exact, ABOUT_ROOT, polynomial(exact.high, ABOUT_ROOT_TAIL)), exact);
}

/** (x − ½) log x − x + log √2π + 1/12x − … */
function asymptoticLogGamma(x: number): number {
  const main = plus(times(pairLogarithm(x), sumOf(x, -0.5)), plus(pairOf(-x), HALF_LOG_TURN));
  return main.high + (main.low + polynomial(1 / (x * x), LOG_GAMMA_SERIES) / x);
}
