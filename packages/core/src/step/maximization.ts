import { covarianceForm } from "../covariance/covariance.ts";
import { type Regularization, regularizes, unregularized } from "../covariance/regularization.ts";
import { collapsedComponent } from "../errors.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { inStoredUnits, inUnitsOfPoints } from "../mixture/units.ts";
import type { SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import type { Warning } from "../warnings.ts";
import { COLLAPSED, verdicts } from "./collapse.ts";
import { type Estimate, estimate } from "./estimate.ts";

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
  const masses = given.shares.slice();
  const total = sum(masses);
  const means = given.means.slice();
  const meansResidual = given.meansResidual.slice();
  const form = covarianceForm(covarianceType);
  const covariances = { packedCovariances: given.packedCovariances.slice(), factors: given.factors.slice() };
  const empty = [...masses.keys()].filter((component) => !(masses[component] > emptyMass * total));
  for (const component of empty) masses[component] = 0;
  if (empty.length > 0 && previous === undefined) throw collapsedComponent(empty[0], components, 0, features, 0);
  const before = previous && inStoredUnits(previous, exponents);
  const keepEmpty = () => {
    for (const component of empty)
      keepComponent(component, before as Mixture, { ...covariances, means, meansResidual });
  };
  keepEmpty();
  const warnings: Warning[] = empty.map((component) => ({ code: "EMPTY_COMPONENT", component }));
  for (const { component, resolution, rank } of verdicts({ ...given, masses }, regularization)) {
    const collapsed = resolution >= COLLAPSED;
    if (collapsed && !regularizes(regularization)) {
      throw collapsedComponent(component, components, masses[component], features, rank);
    }
    if (collapsed) warnings.push({ code: "COLLAPSED_COMPONENT", component, rank });
    else warnings.push({ code: "NEAR_RESOLUTION", component, resolution });
  }
  for (const { component, rank } of form.regularize(covariances, components, features, regularization)) {
    if (masses[component] > 0) warnings.push({ code: "SINGULAR_COVARIANCE", component, rank });
  }
  keepEmpty(); // a second time: a ridge must not grow on what stays as it was
  const bad = firstNotFinite(covariances.factors, components);
  if (bad >= 0) throw collapsedComponent(bad, components, masses[bad], features, 0);

  const kept = sum(masses);
  const weights = masses.map((mass) => mass / kept);
  const { posterior } = given;
  const parameters = { components, features, covarianceType, weights, means, meansResidual, ...covariances };
  const mixture = posterior === undefined ? parameters : { ...parameters, posterior };
  return { mixture: inUnitsOfPoints(mixture, exponents), warnings };
}

function keepComponent(
  component: number,
  from: Mixture,
  to: Pick<Mixture, "means" | "meansResidual" | "packedCovariances" | "factors">,
): void {
  const { features, covarianceType } = from;
  covarianceForm(covarianceType).keep(to, from, component, features);
  const row = component * features;
  to.means.set(from.means.subarray(row, row + features), row);
  to.meansResidual.set(from.meansResidual.subarray(row, row + features), row);
}

/** The first component with a factor that is not finite, or -1. */
function firstNotFinite(factors: Float64Array, components: number): number {
  const index = factors.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? -1 : Math.floor((index * components) / factors.length);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
