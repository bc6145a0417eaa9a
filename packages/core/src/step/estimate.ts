import { covarianceForm, type EstimatedCovariances } from "../covariance/covariance.ts";
import { LEAST_VARIANCE } from "../covariance/estimate.ts";
import { overflow } from "../errors.ts";
import { rounded, twoSumError } from "../linear-algebra/compensated-sum.ts";
import { quotientError } from "../linear-algebra/two-product.ts";
import type { Posterior } from "../mixture/posterior.ts";
import type { SufficientStatistics } from "../statistics/sufficient-statistics.ts";

/** What the statistics of a step say of every component, before any floor (derivation.md eq. 8–12). */
export interface Estimate extends EstimatedCovariances {
  readonly statistics: SufficientStatistics;
  /** N, k */
  readonly masses: Float64Array;
  /** k, what the weights are proportional to */
  readonly shares: Float64Array;
  /** δ, k × d */
  readonly shifts: Float64Array;
  /** pivot + δ, k × d, as two doubles */
  readonly means: Float64Array;
  readonly meansResidual: Float64Array;
  /** of variational inference */
  readonly posterior?: Posterior;
}

/** A component of less mass is empty: its sums have lost their digits to underflow. */
const LEAST_MASS = 2 ** -960;

/** Stands in, times the mean, for a deviation of 0: below every floor, and its inverse has a square. */
const UNSEEN = 2 ** -400;

/** @throws OVERFLOW */
export function estimate(statistics: SufficientStatistics): Estimate {
  const { layout, pivots, frames } = statistics;
  const { features, covarianceType, responsibilitySums, weightedSums } = layout;
  const slot = rounded(statistics);
  if (!slot.every(Number.isFinite)) throw overflow();
  const masses = slot.slice(responsibilitySums, weightedSums).map((mass) => (mass >= LEAST_MASS ? mass : 0));
  const massOf = (i: number) => masses[Math.floor(i / features)];
  const sums = slot.subarray(weightedSums, layout.scatter);
  const shifts = sums.map((sum, i) => (massOf(i) > 0 ? sum / massOf(i) : 0));
  const shiftRests = sums.map((sum, i) => (massOf(i) > 0 ? quotientError(sum, massOf(i), shifts[i]) : 0));
  const moved = pivots.map((pivot, i) => pivot + shifts[i]);
  const rests = pivots.map((pivot, i) => twoSumError(pivot, shifts[i], moved[i]) + shiftRests[i]);
  const means = moved.map((mean, i) => mean + rests[i]);
  const meansResidual = moved.map((mean, i) => twoSumError(mean, rests[i], means[i]));
  const least = means.map((mean) => Math.max((UNSEEN * mean) ** 2, LEAST_VARIANCE));
  const covariances = covarianceForm(covarianceType).estimate({ slot, layout, shifts, shiftRests, frames, least });
  return { statistics, masses, shares: masses, shifts, means, meansResidual, ...covariances };
}
