import type { GaussianMixture } from "@emix/core";
import { determinant, inverse, Matrix } from "ml-matrix";

/** A normal-inverse-Wishart prior with a Dirichlet on the weights; Ψ₀ of one component, in its public shape. */
export interface PlainPrior {
  readonly weightConcentration: number;
  readonly meanPrecision: number;
  readonly mean: number[];
  readonly degreesOfFreedom: number;
  readonly covariance: number[];
}

/** The logarithm of the prior's density at a mixture, up to a constant, by dense matrices and textbook formulas. */
export function logPrior(mixture: GaussianMixture, prior: PlainPrior): number {
  const { weights, covarianceType } = mixture;
  const dirichlet = weights.reduce((sum, weight) => sum + (prior.weightConcentration - 1) * Math.log(weight), 0);
  return (
    dirichlet +
    { full: matrices, tied: matrices, diag: variances, spherical: variances }[covarianceType](mixture, prior)
  );
}

/** N(μ_c; m₀, Σ/β₀) each, and an inverse Wishart for each Σ there is: |Σ|^(−(ν₀ + d + 1)/2) exp(−tr(Ψ₀Σ⁻¹)/2) */
function matrices({ means, covariances, components, features }: GaussianMixture, prior: PlainPrior): number {
  const square = features * features;
  const count = covariances.length / square;
  const known = new Matrix(Matrix.from1DArray(features, features, prior.covariance));
  let log = 0;
  for (let component = 0; component < components; component++) {
    const own = component % count;
    const sigma = Matrix.from1DArray(features, features, [...covariances.slice(own * square, (own + 1) * square)]);
    const precision = inverse(sigma);
    const logDeterminant = Math.log(determinant(sigma));
    const offset = Matrix.columnVector(prior.mean.map((m, j) => means[component * features + j] - m));
    const squared = offset.transpose().mmul(precision).mmul(offset).get(0, 0);
    log -= (logDeterminant + prior.meanPrecision * squared) / 2;
    if (component >= count) continue;
    log -= ((prior.degreesOfFreedom + features + 1) * logDeterminant + known.mmul(precision).trace()) / 2;
  }
  return log;
}

/** Scaled inverse χ²: v^(−ν₀/2 − 1) exp(−ψ₀/2v), of each variance; means normal given the variance. */
function variances({ means, covariances, components, features }: GaussianMixture, prior: PlainPrior): number {
  const each = covariances.length / components;
  let log = 0;
  covariances.forEach((variance, i) => {
    log -= (prior.degreesOfFreedom / 2 + 1) * Math.log(variance) + prior.covariance[i % each] / variance / 2;
  });
  means.forEach((mean, i) => {
    const j = i % features;
    const variance = covariances[each === 1 ? Math.floor(i / features) : i];
    log -= (Math.log(variance) + (prior.meanPrecision * (mean - prior.mean[j]) ** 2) / variance) / 2;
  });
  return log;
}
