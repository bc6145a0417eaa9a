import { type Covariances, covarianceForm } from "../../covariance/covariance.ts";
import type { Prior } from "../../fit/prior.ts";
import { rounded } from "../../linear-algebra/compensated-sum.ts";
import { logGamma } from "../../linear-algebra/gamma.ts";
import { FARTHEST, logConstants, logDensityUnit } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { logNormalizer, type Posterior } from "../../mixture/posterior.ts";
import { inStoredUnits } from "../../mixture/units.ts";
import { logVolume } from "../../points/exponents.ts";
import { LOG_LIKELIHOOD, lowerBound, WEIGHT_TOTAL } from "../../statistics/sufficient-statistics.ts";
import { EMPTY_MASS } from "../empty-component.ts";
import type { Estimate } from "../estimate.ts";
import type { Maximum } from "../maximization.ts";
import type { Settled } from "../second-look.ts";
import { pseudoCount, scatterCount } from "./update.ts";

/**
 * What an iteration climbs (derivation.md eq. 33 and 38). EM: the mean log-likelihood of the mixture that the
 * iteration began with, and with a prior the logarithm of its density, up to a constant, over the total weight.
 * Variational inference: the lower bound of the evidence after the iteration, of all points, less what never changes;
 * scikit-learn's `lower_bound_`.
 */
export function objective(prior: Prior | undefined, began: Mixture, estimate: Settled, next: Maximum): number {
  const { statistics, data } = estimate;
  const { exponents } = statistics;
  if (prior === undefined) return lowerBound(statistics);
  const before = inStoredUnits(began, exponents);
  if (prior.inference === "variational") return entropy(data, before) + evidence(estimate, next);
  // Finite, as densities of far points are.
  return lowerBound(statistics) + Math.max(logDensityOf(before, prior) / rounded(statistics)[WEIGHT_TOTAL], -FARTHEST);
}

/** The logarithm of the prior's density at a mixture, both in stored units, up to a constant (eq. 31). */
function logDensityOf(mixture: Mixture, prior: Prior): number {
  const { components, features, covarianceType, weights } = mixture;
  const shared = covarianceType === "tied";
  const determinants = logDeterminants(mixture);
  const scatters = spreadsOf(mixture, prior.covariances);
  const squares = squaredDistances(mixture, (i) => ({
    mean: prior.means[i % features],
    residual: prior.meansResidual[i % features],
  }));
  let log = 0;
  for (let component = 0; component < components; component++) {
    log -= (prior.meanPrecision * squares[component]) / 2;
    if (prior.weightConcentration > 1) log += (prior.weightConcentration - 1) * Math.log(weights[component]);
    if (shared && component > 0) continue;
    log += pseudoCount(prior, mixture) * determinants[component];
    log -= (scatterCount(prior, mixture) * scatters[component]) / 2;
  }
  return log;
}

/** tr(W_c Ψ W_cᵀ) of one Ψ for all components. */
function spreadsOf({ components, features, covarianceType, factors }: Mixture, one: Covariances): Float64Array {
  const times = factors.length / one.factors.length;
  const repeated = (values: Float64Array) =>
    Float64Array.from({ length: values.length * times }, (_, i) => values[i % values.length]);
  const all = { packedCovariances: repeated(one.packedCovariances), factors: repeated(one.factors) };
  return covarianceForm(covarianceType).spreads(factors, all, components, features);
}

/** −Σ w r log r, from sums alone (eq. 39). in: the estimate of the points; the mixture of r; both in stored units */
function entropy(data: Estimate, mixture: Mixture): number {
  const { statistics, masses } = data;
  const { components, features, covarianceType } = mixture;
  const slot = rounded(statistics);
  const constants = logConstants(mixture);
  const spreads = covarianceForm(covarianceType).spreads(mixture.factors, data, components, features);
  const squares = squaredDistances(mixture, (i) => ({ mean: data.means[i], residual: data.meansResidual[i] }));
  let sum = slot[LOG_LIKELIHOOD] - slot[WEIGHT_TOTAL] * (logDensityUnit(mixture) + logVolume(statistics.exponents));
  const least = EMPTY_MASS * slot[WEIGHT_TOTAL];
  masses.forEach((mass, component) => {
    if (mass > least) sum -= mass * (constants[component] - (spreads[component] + squares[component]) / 2);
  });
  // Its bounds are exact; the rounding of far points' distances is not.
  return Math.max(0, Math.min(sum, slot[WEIGHT_TOTAL] * Math.log(components)));
}

/** All of the lower bound but the entropy (eq. 38). */
function evidence(estimate: Estimate, { mixture, warnings }: Maximum): number {
  const { features, components } = mixture;
  const posterior = mixture.posterior as Posterior;
  const determinants = logDeterminants(mixture);
  let sum = logNormalizer(posterior);
  for (let component = 0; component < components; component++) {
    const degrees = posterior.degreesOfFreedom[component];
    sum += degrees * (determinants[component] - (features / 2) * Math.log(degrees / 2));
    for (let j = 0; j < features; j++) sum += logGamma((degrees - j) / 2);
    sum -= (features / 2) * Math.log(posterior.meanPrecision[component]);
  }
  const floored = warnings.some(({ code }) => code === "SINGULAR_COVARIANCE");
  return floored ? sum - costOfFloor(estimate, mixture, posterior) : sum;
}

/** ½ Σ ν (tr(Σ⁻¹ Σ̂) − d), Σ̂ being Σ before the floor: 0 where that changed nothing (eq. 40). */
function costOfFloor(estimate: Estimate, mixture: Mixture, { degreesOfFreedom }: Posterior): number {
  const { components, features, covarianceType } = mixture;
  const { factors } = inStoredUnits(mixture, estimate.statistics.exponents);
  const spreads = covarianceForm(covarianceType).spreads(factors, estimate, components, features);
  return spreads.reduce((sum, spread, component) => sum + (degreesOfFreedom[component] * (spread - features)) / 2, 0);
}

/** log det W_c. out: k */
function logDeterminants({ components, features, covarianceType, factors }: Mixture): Float64Array {
  const form = covarianceForm(covarianceType);
  return Float64Array.from({ length: components }, (_, component) =>
    form.factorDiagonal(factors, component, features).reduce((sum, w) => sum + Math.log(w), 0),
  );
}

/** ‖W_c (x_c − μ_c)‖² of a point, as two doubles, for each component. out: k */
function squaredDistances(
  { components, features, covarianceType, factors, means, meansResidual }: Mixture,
  at: (index: number) => { readonly mean: number; readonly residual: number },
): Float64Array {
  const form = covarianceForm(covarianceType);
  const whitened = new Float64Array(features);
  return Float64Array.from({ length: components }, (_, component) => {
    const offset = Float64Array.from({ length: features }, (_, j) => {
      const i = component * features + j;
      const { mean, residual } = at(i);
      return mean - means[i] + (residual - meansResidual[i]);
    });
    form.whiten(factors, component, offset, whitened);
    return whitened.reduce((sum, value) => sum + value * value, 0);
  });
}
