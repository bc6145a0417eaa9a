import { covarianceForm } from "./covariance/covariance.ts";
import { type Regularization, unregularized } from "./covariance/regularization.ts";
import { twoSumError } from "./linear-algebra/compensated-sum.ts";
import { factorized, type Mixture } from "./mixture.ts";
import { rounded, type SufficientStatistics } from "./sufficient-statistics.ts";
import type { Warning } from "./warnings.ts";

export interface Maximum {
  readonly mixture: Mixture;
  readonly warnings: readonly Warning[];
}

/**
 * The M-step (derivation.md eq. 8–12): weights N/ΣN, means pivot + δ as two doubles, covariances about the new means,
 * kept above the regularization. A component without mass keeps the mean and covariance it had.
 * @throws COLLAPSED_COMPONENT
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
  const masses = values.slice(responsibilitySums, weightedSums);
  const shifts = values.slice(weightedSums, layout.scatter).map((sum, i) => {
    const mass = masses[Math.floor(i / features)];
    return mass > 0 ? sum / mass : 0;
  });

  const { means, meansResidual } = shiftedMeans(pivots, shifts);
  const packedCovariances = form.estimate(values, layout, shifts);
  const warnings: Warning[] = [];
  for (let component = 0; component < components; component++) {
    if (masses[component] > 0) continue;
    warnings.push({ code: "EMPTY_COMPONENT", component });
    if (previous === undefined) continue;
    form.keep(packedCovariances, previous.packedCovariances, component, features);
    const row = component * features;
    meansResidual.set(previous.meansResidual.subarray(row, row + features), row);
  }
  for (const component of form.regularize(packedCovariances, components, features, regularization)) {
    warnings.push({ code: "SINGULAR_COVARIANCE", component });
  }

  const weights = normalized(masses);
  const shape = { components, features, covarianceType };
  return { mixture: factorized({ ...shape, weights, means, meansResidual, packedCovariances }, masses), warnings };
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
