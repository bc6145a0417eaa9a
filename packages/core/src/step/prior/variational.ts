import type { Conjugate, PriorCounts } from "../../components/conjugate.ts";
import type { ComponentEstimates, Estimate } from "../../components/estimate.ts";
import { EMPTY_MASS } from "../../components/estimate.ts";
import type { Shape } from "../../covariance/covariances.ts";
import { covarianceRow } from "../../covariance/types.ts";
import { logGamma } from "../../elementary/gamma.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { roundSums } from "../../linear-algebra/compensated-sum.ts";
import { sum } from "../../linear-algebra/sum.ts";
import { logConstants, logDensityUnit } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { expectedWeights, logNormalizer, type Posterior } from "../../mixture/posterior.ts";
import { LOG_LIKELIHOOD, WEIGHT_TOTAL } from "../../statistics/sufficient-statistics.ts";
import type { Maximum } from "../maximum.ts";
import { logDeterminants, spreadsOf, squaredDistances } from "./distances.ts";
import type { Prior, VariationalSetting } from "./prior.ts";

/**
 * Variational inference (derivation.md §13): every parameter has a distribution, and the mixture holds the
 * expectations. The bound is that of the evidence after the iteration, summed over all points, without terms that never
 * change. It is scikit-learn's `lower_bound_`.
 */
export function variationalPrior(conjugate: Conjugate, setting: VariationalSetting): Prior {
  const posteriorOf = (masses: Float64Array, shape: Shape) => posterior(masses, conjugate, setting, shape);
  return {
    facts: { kind: "variational", conjugate, setting },
    shares: (masses, shape) => expectedWeights(posteriorOf(masses, shape)),
    belief: (shape) => ({ conjugate, counts: countsOf(conjugate, shape), asksPoints: true }),
    weigh({ masses, statistics }) {
      const of = posteriorOf(masses, statistics.layout);
      return { shares: expectedWeights(of), posterior: of };
    },
    meanPrecision: conjugate.meanPrecision,
    bound: {
      of: "next",
      at: (began, blended, next) => entropy(blended.data, began, setting) + evidence(blended, next, setting),
    },
  };
}

/** ν₀ and Ψ₀ of each component; components that share a covariance add them up. */
function countsOf({ degreesOfFreedom }: Conjugate, { components, covarianceType }: Shape): PriorCounts {
  const times = covarianceRow(covarianceType).shared ? components : 1;
  return { points: times * degreesOfFreedom, scatters: times };
}

/** The posterior, except for its centre, which is the mixture (eq. 35). */
function posterior(
  masses: Float64Array,
  { weightConcentration, meanPrecision, degreesOfFreedom }: Conjugate,
  { weightConcentrationType }: VariationalSetting,
  { components, covarianceType }: Shape,
): Posterior {
  const concentrations = masses.map((mass) => weightConcentration + mass);
  const later = masses.map((_, component) => weightConcentration + sum(masses.subarray(component + 1)));
  const sticks = Float64Array.from([...masses.map((mass) => 1 + mass), ...later]);
  const mean = sum(masses) / components;
  const { shared } = covarianceRow(covarianceType);
  return {
    weightConcentrationType,
    weightConcentration: weightConcentrationType === "process" ? sticks : concentrations,
    meanPrecision: masses.map((mass) => meanPrecision + mass),
    degreesOfFreedom: masses.map((mass) => degreesOfFreedom + (shared ? mean : mass)),
  };
}

/** −Σ w r log r, from the statistics alone (eq. 39). in: the estimate of the points; the mixture that r belongs to */
function entropy(data: ComponentEstimates, mixture: Mixture, { logVolume }: VariationalSetting): number {
  const { statistics, masses } = data;
  const slot = roundSums(statistics);
  const constants = logConstants(mixture);
  const spreads = spreadsOf(mixture, data);
  const squares = squaredDistances(mixture, data);
  let total = slot[LOG_LIKELIHOOD] - slot[WEIGHT_TOTAL] * (logDensityUnit(mixture) + logVolume);
  const least = EMPTY_MASS * slot[WEIGHT_TOTAL];
  masses.forEach((mass, component) => {
    if (mass > least) total -= mass * (constants[component] - (spreads[component] + squares[component]) / 2);
  });
  // These limits are exact; the distances of far points are rounded.
  return Math.max(0, Math.min(total, slot[WEIGHT_TOTAL] * logarithm(mixture.components)));
}

/** The lower bound without the entropy (eq. 38), in the units of the points. */
function evidence(estimate: Estimate, { mixture, warnings }: Maximum, { logVolume }: VariationalSetting): number {
  const { features, components } = mixture;
  const of = mixture.posterior as Posterior;
  const determinants = logDeterminants(mixture).map((determinant) => determinant + logVolume);
  let total = logNormalizer(of);
  for (let component = 0; component < components; component++) {
    const degrees = of.degreesOfFreedom[component];
    total += degrees * (determinants[component] - (features / 2) * logarithm(degrees / 2));
    for (let j = 0; j < features; j++) total += logGamma((degrees - j) / 2);
    total -= (features / 2) * logarithm(of.meanPrecision[component]);
  }
  const floored = warnings.some(({ code }) => code === "SINGULAR_COVARIANCE");
  return floored ? total - costOfFloor(estimate, mixture, of) : total;
}

/** ½ Σ ν (tr(Σ⁻¹ Σ̂) − d), where Σ̂ is Σ before the floor; 0 if the floor changed nothing (eq. 40). */
function costOfFloor(estimate: Estimate, mixture: Mixture, { degreesOfFreedom }: Posterior): number {
  return spreadsOf(mixture, estimate).reduce(
    (total, spread, component) => total + (degreesOfFreedom[component] * (spread - mixture.features)) / 2,
    0,
  );
}
