import { covarianceForm } from "./covariance/covariance.ts";
import { type Regularization, unregularized } from "./covariance/regularization.ts";
import { collapsedComponent, overflow } from "./errors.ts";
import { twoSumError } from "./linear-algebra/compensated-sum.ts";
import { factorized, type Mixture } from "./mixture.ts";
import { rounded, type SufficientStatistics } from "./sufficient-statistics.ts";
import type { Warning } from "./warnings.ts";

export interface Maximum {
  readonly mixture: Mixture;
  readonly warnings: readonly Warning[];
}

/** A component of less mass is empty: its sums have lost their digits to underflow. */
const LEAST_MASS = 2 ** -960;

/**
 * The M-step (derivation.md eq. 8–12): weights N/ΣN, means pivot + δ as two doubles, covariances about the new means,
 * kept above the regularization. A component without mass keeps the mean and covariance that it had.
 * @throws COLLAPSED_COMPONENT (also for a component without mass that had none), OVERFLOW
 */
export function maximization(
  statistics: SufficientStatistics,
  previous?: Mixture,
  regularization: Regularization = unregularized(statistics.layout.features),
): Maximum {
  const { layout, pivots } = statistics;
  const { components, features, covarianceType, responsibilitySums, weightedSums } = layout;
  const form = covarianceForm(covarianceType);
  const values = rounded(statistics);
  if (!values.every(Number.isFinite)) throw overflow();
  const masses = values.slice(responsibilitySums, weightedSums).map((mass) => (mass >= LEAST_MASS ? mass : 0));
  const shifts = values.slice(weightedSums, layout.scatter).map((sum, i) => {
    const mass = masses[Math.floor(i / features)];
    return mass > 0 ? sum / mass : 0;
  });

  const { means, meansResidual } = shiftedMeans(pivots, shifts);
  const packedCovariances = form.estimate(values, layout, shifts);
  const empty = [...masses.keys()].filter((component) => masses[component] === 0);
  if (empty.length > 0 && previous === undefined) throw collapsedComponent(empty[0], components, 0, features);
  const keepEmpty = () => {
    for (const component of empty) keepComponent(component, previous as Mixture, packedCovariances, meansResidual);
  };
  keepEmpty();
  const floored = form.regularize(packedCovariances, components, features, regularization);
  keepEmpty(); // a second time: a ridge must not grow on what stays as it was
  const warnings: Warning[] = [
    ...empty.map((component): Warning => ({ code: "EMPTY_COMPONENT", component })),
    ...floored.map((component): Warning => ({ code: "SINGULAR_COVARIANCE", component })),
  ];

  const weights = normalized(masses);
  const shape = { components, features, covarianceType };
  return { mixture: factorized({ ...shape, weights, means, meansResidual, packedCovariances }, masses), warnings };
}

function keepComponent(
  component: number,
  { features, covarianceType, packedCovariances, meansResidual }: Mixture,
  covariancesOut: Float64Array,
  residualOut: Float64Array,
): void {
  covarianceForm(covarianceType).keep(covariancesOut, packedCovariances, component, features);
  const row = component * features;
  residualOut.set(meansResidual.subarray(row, row + features), row);
}

/** pivot + δ, exactly, as two doubles. */
function shiftedMeans(
  pivots: Float64Array,
  shifts: Float64Array,
): { means: Float64Array; meansResidual: Float64Array } {
  const means = pivots.map((pivot, i) => pivot + shifts[i]);
  const meansResidual = pivots.map((pivot, i) => twoSumError(pivot, shifts[i], means[i]));
  return { means, meansResidual };
}

function normalized(masses: Float64Array): Float64Array {
  let total = 0;
  for (const mass of masses) total += mass;
  return masses.map((mass) => mass / total);
}
