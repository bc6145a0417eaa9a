import type { GaussianMixture } from "@emix/core";
import { determinant, inverse, Matrix } from "ml-matrix";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";

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
  const ofCovariances = covarianceRow(covarianceType).matrix === "triangle" ? matrices : variances;
  return dirichlet + ofCovariances(mixture, prior);
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
function variances({ means, covariances, features, covarianceType }: GaussianMixture, prior: PlainPrior): number {
  const { matrix, shared } = covarianceRow(covarianceType);
  const each = matrix === "scalar" ? 1 : features;
  let log = 0;
  covariances.forEach((variance, i) => {
    log -= (prior.degreesOfFreedom / 2 + 1) * Math.log(variance) + prior.covariance[i % each] / variance / 2;
  });
  means.forEach((mean, i) => {
    const j = i % features;
    const component = Math.floor(i / features);
    const variance = covariances[(shared ? 0 : component * each) + (j % each)];
    log -= (Math.log(variance) + (prior.meanPrecision * (mean - prior.mean[j]) ** 2) / variance) / 2;
  });
  return log;
}
