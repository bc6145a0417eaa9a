import type { Shape } from "../covariance/covariances.ts";
import { scatterLength } from "../covariance/shape.ts";
import type { CovarianceType } from "../covariance/types.ts";
import { twoSumError } from "../elementary/rounding.ts";
import { type CompensatedSums, compensatedSums } from "../linear-algebra/compensated-sum.ts";
import type { Frames, Measure } from "./frames.ts";

/**
 * Where each statistic is in a flat array (a slot), with the symbols of docs/derivation.md:
 * [0] log-likelihood, [1] total weight, then k responsibility sums N, k × d weighted sums s, then the scatter S, packed
 * like covariances (for a scalar, the trace).
 */
export interface StatisticsLayout extends Shape {
  /** offsets */
  readonly responsibilitySums: number;
  readonly weightedSums: number;
  readonly scatter: number;
  /** how many numbers a slot has */
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
 * All that the M-step needs to know about the points, measured from `pivots` in `frames`, in stored units. The errors
 * of the sums are kept beside them until `roundSums` adds them. `addSums` adds statistics: the sum for two sets of points is
 * that of their union.
 */
export interface SufficientStatistics extends CompensatedSums {
  readonly layout: StatisticsLayout;
  /** k × d */
  readonly pivots: Float64Array;
  /** the frames in which the scatter was taken */
  readonly frames: Frames;
}

/** The statistics of no points. */
export function noStatistics(layout: StatisticsLayout, { pivots, frames }: Measure): SufficientStatistics {
  return { layout, pivots, frames, ...compensatedSums(layout.length) };
}

/** Adds a constant to every point's log density. Responsibilities do not depend on it. */
export function addLogDensity({ sums, errors }: SufficientStatistics, logDensity: number): void {
  const before = sums[LOG_LIKELIHOOD];
  const added = logDensity * (sums[WEIGHT_TOTAL] + errors[WEIGHT_TOTAL]);
  sums[LOG_LIKELIHOOD] = before + added;
  errors[LOG_LIKELIHOOD] += twoSumError(before, added, before + added);
}

/** The total weight of the points. */
export function weightTotal({ sums, errors }: SufficientStatistics): number {
  return sums[WEIGHT_TOTAL] + errors[WEIGHT_TOTAL];
}

/** Mean log-likelihood of the points under the mixture with which the statistics were taken. */
export function lowerBound({ sums, errors }: SufficientStatistics): number {
  return (sums[LOG_LIKELIHOOD] + errors[LOG_LIKELIHOOD]) / (sums[WEIGHT_TOTAL] + errors[WEIGHT_TOTAL]);
}
