import { covarianceForm } from "./covariance/covariance.ts";
import { type Regularization, regularizes, unregularized } from "./covariance/regularization.ts";
import { collapsedComponent } from "./errors.ts";
import { type Estimate, estimate } from "./estimate.ts";
import type { Mixture } from "./mixture.ts";
import type { SufficientStatistics } from "./sufficient-statistics.ts";
import { inStoredUnits, inUnitsOfPoints } from "./units.ts";
import type { Warning } from "./warnings.ts";

export interface Maximum {
  readonly mixture: Mixture;
  readonly warnings: readonly Warning[];
}

/** The M-step of statistics as they are. @throws COLLAPSED_COMPONENT, OVERFLOW, UNDERFLOW */
export function maximization(
  statistics: SufficientStatistics,
  previous?: Mixture,
  regularization: Regularization = unregularized(statistics.layout.features),
): Maximum {
  return maximum(estimate(statistics), regularization, previous);
}

/**
 * The M-step (derivation.md eq. 8–12): weights N/ΣN, means pivot + δ as two doubles, covariances about the new means,
 * kept above the regularization. A component without mass keeps the mean and covariance it had.
 * in: an estimate in stored units; a previous mixture and out: a mixture in the units of the points
 * @throws COLLAPSED_COMPONENT, OVERFLOW, UNDERFLOW
 */
export function maximum(given: Estimate, regularization: Regularization, previous?: Mixture): Maximum {
  const { layout, exponents } = given.statistics;
  const { components, features, covarianceType } = layout;
  const { masses, means } = given;
  const meansResidual = given.meansResidual.slice();
  const form = covarianceForm(covarianceType);
  const covariances = { packedCovariances: given.packedCovariances.slice(), factors: given.factors.slice() };
  const warnings: Warning[] = [];
  const singular = given.singular.slice();
  const before = previous && inStoredUnits(previous, exponents);
  for (let component = 0; component < components; component++) {
    if (masses[component] > 0) continue;
    warnings.push({ code: "EMPTY_COMPONENT", component });
    if (before === undefined) continue;
    form.keep(covariances, before, component, features);
    singular[component] = 0;
    const row = component * features;
    meansResidual.set(before.meansResidual.subarray(row, row + features), row);
  }
  for (const component of form.regularize(covariances, components, features, regularization)) {
    warnings.push({ code: "SINGULAR_COVARIANCE", component });
  }
  const collapsed = regularizes(regularization) ? firstNotFinite(covariances.factors, components) : singular.indexOf(1);
  if (collapsed >= 0) throw collapsedComponent(collapsed, components, masses[collapsed], features);

  const weights = normalized(masses);
  const mixture = { components, features, covarianceType, weights, means, meansResidual, ...covariances };
  return { mixture: inUnitsOfPoints(mixture, exponents), warnings };
}

/** The first component with a factor that is not finite, or -1. */
function firstNotFinite(factors: Float64Array, components: number): number {
  const index = factors.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? -1 : Math.floor((index * components) / factors.length);
}

function normalized(masses: Float64Array): Float64Array {
  let total = 0;
  for (const mass of masses) total += mass;
  return masses.map((mass) => mass / total);
}
