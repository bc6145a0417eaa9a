import { COLLAPSED, verdicts } from "./collapse.ts";
import { covarianceForm } from "./covariance/covariance.ts";
import { type Regularization, regularizes, unregularized } from "./covariance/regularization.ts";
import { collapsedComponent, weightOverflow } from "./errors.ts";
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
 * in: an estimate in stored units; a previous mixture in the units of the points; emptyMass, relative to all, that
 * counts as none. out: a mixture in the units of the points
 * @throws COLLAPSED_COMPONENT, OVERFLOW, UNDERFLOW
 */
export function maximum(given: Estimate, regularization: Regularization, previous?: Mixture, emptyMass = 0): Maximum {
  const { layout, exponents } = given.statistics;
  const { components, features, covarianceType } = layout;
  const masses = given.masses.slice();
  const total = sum(masses);
  if (!(total < Number.POSITIVE_INFINITY)) throw weightOverflow();
  const means = given.means.slice();
  const meansResidual = given.meansResidual.slice();
  const form = covarianceForm(covarianceType);
  const covariances = { packedCovariances: given.packedCovariances.slice(), factors: given.factors.slice() };
  const warnings: Warning[] = [];
  const before = previous && inStoredUnits(previous, exponents);
  for (let component = 0; component < components; component++) {
    if (masses[component] > emptyMass * total) continue;
    masses[component] = 0;
    warnings.push({ code: "EMPTY_COMPONENT", component });
    if (before === undefined) continue;
    form.keep(covariances, before, component, features);
    const row = component * features;
    means.set(before.means.subarray(row, row + features), row);
    meansResidual.set(before.meansResidual.subarray(row, row + features), row);
  }
  for (const { component, resolution, rank } of verdicts({ ...given, masses }, regularization)) {
    const collapsed = resolution >= COLLAPSED;
    if (collapsed && !regularizes(regularization)) {
      throw collapsedComponent(component, components, masses[component], features, rank);
    }
    if (collapsed) warnings.push({ code: "COLLAPSED_COMPONENT", component, rank });
    else warnings.push({ code: "NEAR_RESOLUTION", component, resolution });
  }
  for (const { component, rank } of form.regularize(covariances, components, features, regularization)) {
    warnings.push({ code: "SINGULAR_COVARIANCE", component, rank });
  }
  const bad = firstNotFinite(covariances.factors, components);
  if (bad >= 0) throw collapsedComponent(bad, components, masses[bad], features, 0);

  const kept = sum(masses);
  const weights = masses.map((mass) => mass / kept);
  const mixture = { components, features, covarianceType, weights, means, meansResidual, ...covariances };
  return { mixture: inUnitsOfPoints(mixture, exponents), warnings };
}

/** The first component with a factor that is not finite, or -1. */
function firstNotFinite(factors: Float64Array, components: number): number {
  const index = factors.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? -1 : Math.floor((index * components) / factors.length);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
