import type { Conjugate, PriorCounts } from "../../components/conjugate.ts";
import type { Shape } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import { covarianceRow } from "../../covariance/types.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { FARTHEST } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { lowerBound, weightTotal } from "../../statistics/sufficient-statistics.ts";
import { logDeterminants, spreads, squaredDistances } from "./distances.ts";
import type { FindMany, Prior } from "./prior.ts";

/** EM towards the mode of the posterior: the most probable mixture (derivation.md §12). */
export function modePrior(conjugate: Conjugate): Prior {
  const shares = (masses: Float64Array) => masses.map((mass) => mass + (conjugate.weightConcentration - 1));
  return {
    facts: { kind: "mode", conjugate },
    shares,
    belief: (shape) => ({ conjugate, counts: countsOf(conjugate, shape), asksPoints: false }),
    weigh: ({ masses }) => ({ shares: shares(masses) }),
    meanPrecision: conjugate.meanPrecision,
    bound: {
      of: "began",
      // The squared distances are finite, like those in densities of far points.
      at: (began, { statistics }, many) =>
        lowerBound(statistics) + Math.max(logDensityOf(began, conjugate, many) / weightTotal(statistics), -FARTHEST),
    },
  };
}

/** The power of det W that the prior's density adds for each covariance (eq. 31), and one Ψ₀. */
function countsOf({ degreesOfFreedom }: Conjugate, { components, features, covarianceType }: Shape): PriorCounts {
  const form = matrixForm(covarianceType);
  const means = covarianceRow(covarianceType).shared ? components : 1;
  return {
    points: form.priorPower(degreesOfFreedom, means, features),
    scatters: 1 / form.featuresPerVariance(features),
  };
}

/** The logarithm of the prior's density at a mixture, up to a constant (eq. 31). */
function logDensityOf(mixture: Mixture, prior: Conjugate, many?: FindMany): number {
  const { components, covarianceType, weights } = mixture;
  const { shared } = covarianceRow(covarianceType);
  const counts = countsOf(prior, mixture);
  const determinants = logDeterminants(mixture);
  const scatters = spreads(mixture, prior.scatter, many?.() ?? null);
  const squares = squaredDistances(mixture, prior);
  let log = 0;
  for (let component = 0; component < components; component++) {
    log -= (prior.meanPrecision * squares[component]) / 2;
    if (prior.weightConcentration > 1) log += (prior.weightConcentration - 1) * logarithm(weights[component]);
    if (shared && component > 0) continue;
    log += counts.points * determinants[component];
    log -= (counts.scatters * scatters[component]) / 2;
  }
  return log;
}
