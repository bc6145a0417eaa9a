import { covarianceParameters, type Shape } from "../covariance/covariances.ts";
import { logarithm } from "../elementary/logarithm.ts";
import type { Mixture } from "./mixture.ts";

/** The number of free parameters of a mixture: weights, means and covariances. */
export function parameterCount(shape: Shape): number {
  const { components, features } = shape;
  return components - 1 + components * features + covarianceParameters(shape);
}

/** Akaike's criterion, −2 ln L + 2p; lower is better. in: logLikelihood, the total over all points */
export function aic(mixture: Mixture, logLikelihood: number): number {
  return -2 * logLikelihood + 2 * parameterCount(mixture);
}

/**
 * Schwarz's criterion, −2 ln L + p ln n; lower is better (mclust's has the opposite sign). in: count, n or the total
 * weight
 */
export function bic(mixture: Mixture, logLikelihood: number, count: number): number {
  return -2 * logLikelihood + parameterCount(mixture) * logarithm(count);
}

/** BIC plus twice the entropy of the responsibilities (Biernacki et al. 2000); lower is better. */
export function icl(mixture: Mixture, logLikelihood: number, count: number, entropy: number): number {
  return bic(mixture, logLikelihood, count) + 2 * entropy;
}
