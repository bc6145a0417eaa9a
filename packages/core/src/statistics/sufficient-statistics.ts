import type { Shape } from "../covariance/covariances.ts";
import { scatterLength } from "../covariance/shape.ts";
import type { CovarianceType } from "../covariance/types.ts";
import { type CompensatedSums, compensatedSums, twoSumError } from "../linear-algebra/compensated-sum.ts";
import type { Frames, Measure } from "./frames.ts";

/**
 * Where each statistic stands in a flat array (a slot); symbols as in docs/derivation.md.
 *   [0] log-likelihood, [1] weight total, then k responsibility sums N, k × d weighted sums s, then the scatter S,
 *   packed as covariances are (a scalar: the trace).
 */
export interface StatisticsLayout extends Shape {
  /** offsets */
  readonly responsibilitySums: number;
  readonly weightedSums: number;
  readonly scatter: number;
  /** numbers in a slot */
  readonly length: number;
}

export const LOG_LIKELIHOOD = 0;
export const WEIGHT_TOTAL = 1;

export function statisticsLayout(
  components: number,
  features: number,
  covarianceType: CovarianceType,
): StatisticsLayout {
  const responsibilitySums = 2;
  const weightedSums = responsibilitySums + components;
  const scatter = weightedSums + components * features;
  const length = scatter + scatterLength(components, features, covarianceType);
  return { components, features, covarianceType, responsibilitySums, weightedSums, scatter, length };
}

/**
 * What one pass leaves of the points: all that the M-step needs, measured from `pivots` in `frames`, in the units of
 * stored points. The errors of the sums are kept beside them until `rounded` adds them in. Statistics add up
 * (`addStatistics`): the sum of those of two parts is that of their union.
 */
export interface SufficientStatistics extends CompensatedSums {
  readonly layout: StatisticsLayout;
  /** k × d */
  readonly pivots: Float64Array;
  /** what the scatter was taken in */
  readonly frames: Frames;
}

/** The statistics of no point. */
export function noStatistics(layout: StatisticsLayout, { pivots, frames }: Measure): SufficientStatistics {
  return { layout, pivots, frames, ...compensatedSums(layout.length) };
}

/**
 * to += the statistics of some points, rounded, or a part of them, without losing a bit (two-sum).
 * in: added, from `offset` on as many numbers as there are sums
 */
export function addStatistics({ sums, errors }: CompensatedSums, added: Float64Array, offset = 0): void {
  for (let i = 0; i < sums.length; i++) {
    const before = sums[i];
    const value = added[offset + i];
    const sum = before + value;
    errors[i] += twoSumError(before, value, sum);
    sums[i] = sum;
  }
}

/** Adds to every point's log density; no responsibility knows of it. */
export function addLogDensity({ sums, errors }: SufficientStatistics, logDensity: number): void {
  const before = sums[LOG_LIKELIHOOD];
  const added = logDensity * (sums[WEIGHT_TOTAL] + errors[WEIGHT_TOTAL]);
  sums[LOG_LIKELIHOOD] = before + added;
  errors[LOG_LIKELIHOOD] += twoSumError(before, added, before + added);
}

/** Mean log-likelihood of the points under the mixture that the statistics were taken with. */
export function lowerBound({ sums, errors }: SufficientStatistics): number {
  return (sums[LOG_LIKELIHOOD] + errors[LOG_LIKELIHOOD]) / (sums[WEIGHT_TOTAL] + errors[WEIGHT_TOTAL]);
}
