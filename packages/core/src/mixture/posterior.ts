import { digamma, logGamma } from "../elementary/gamma.ts";
import { logarithm } from "../elementary/logarithm.ts";
import { sum } from "../linear-algebra/sum.ts";
import type { WeightConcentrationType } from "./weight-concentration.ts";

/**
 * The distributions of the parameters that a variational fit finds. Those of means and covariances are centred on the
 * parameters of the mixture (derivation.md eq. 34–36).
 */
export interface Posterior {
  /** what the weights are drawn from */
  readonly weightConcentrationType: WeightConcentrationType;
  /** "distribution": α, k; "process": the Beta distributions of the sticks, a then b, 2k */
  readonly weightConcentration: Float64Array;
  /** β, k: the precision of a component times β is the precision of its mean */
  readonly meanPrecision: Float64Array;
  /** ν, k, each above d − 1 */
  readonly degreesOfFreedom: Float64Array;
}

/** E[π], apart from the rounding of their sum. out: k, all positive */
export function expectedWeights({ weightConcentrationType, weightConcentration }: Posterior): Float64Array {
  if (weightConcentrationType === "distribution") return shares(weightConcentration);
  let rest = 1;
  const sticks = sticksOf(weightConcentration).map(({ a, b }) => {
    const share = rest * (a / (a + b));
    rest *= b / (a + b);
    return share;
  });
  return shares(Float64Array.from(sticks));
}

/** E[log π]. out: k */
export function expectedLogWeights({ weightConcentrationType, weightConcentration }: Posterior): Float64Array {
  if (weightConcentrationType === "distribution") {
    const ofAll = digamma(sum(weightConcentration));
    return weightConcentration.map((concentration) => digamma(concentration) - ofAll);
  }
  let rest = 0;
  const sticks = sticksOf(weightConcentration).map(({ a, b }) => {
    const ofBoth = digamma(a + b);
    const log = rest + digamma(a) - ofBoth;
    rest += digamma(b) - ofBoth;
    return log;
  });
  return Float64Array.from(sticks);
}

/** The logarithm of the normalising constant of q(π): log B(α), or Σ log B(a, b). */
export function logNormalizer({ weightConcentrationType, weightConcentration }: Posterior): number {
  const logBeta = (parameters: Float64Array) =>
    parameters.reduce((total, parameter) => total + logGamma(parameter), 0) -
    logGamma(parameters.reduce((total, parameter) => total + parameter, 0));
  if (weightConcentrationType === "distribution") return logBeta(weightConcentration);
  return sticksOf(weightConcentration).reduce((total, { a, b }) => total + logBeta(Float64Array.of(a, b)), 0);
}

/**
 * E[½ log det Λ_c] − log det W_c − d/(2 β_c), where Λ_c is the precision of component c (derivation.md eq. 37): what
 * the uncertainty of mean and covariance takes from a log density. Each term is small if ν is large. out: k
 */
export function uncertainty({ meanPrecision, degreesOfFreedom }: Posterior, features: number): Float64Array {
  return degreesOfFreedom.map((degrees, component) => {
    let doubled = -features / meanPrecision[component];
    for (let j = 0; j < features; j++) doubled += digamma((degrees - j) / 2) - logarithm(degrees / 2);
    return doubled / 2;
  });
}

/** No weight is 0, so that a component that waits for points has a logarithm. */
const LEAST_WEIGHT = 2 ** -1000;

/** in: k numbers ≥ 0. out: k, each divided by their sum */
function shares(values: Float64Array): Float64Array {
  const total = sum(values);
  return values.map((value) => Math.max(value / total, LEAST_WEIGHT));
}

function sticksOf(concentration: Float64Array): { readonly a: number; readonly b: number }[] {
  const components = concentration.length / 2;
  return Array.from({ length: components }, (_, c) => ({ a: concentration[c], b: concentration[components + c] }));
}
