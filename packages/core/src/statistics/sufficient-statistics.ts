import { scatterLength } from "../covariance/shape.ts";
import type { CovarianceType } from "../covariance/types.ts";
import { type CompensatedSums, compensatedSums, twoSumError } from "../linear-algebra/compensated-sum.ts";
import type { Exponents } from "../points/exponents.ts";
import { type Frames, unframed } from "./frames.ts";

/**
 * Where each statistic stands in a flat array (a slot); symbols as in docs/derivation.md.
 *   [0] log-likelihood, [1] weight total, then k responsibility sums N, k × d weighted sums s, then the scatter S:
 *   full k packed triangles, tied one packed triangle, diag k × d, spherical k traces.
 */
export interface StatisticsLayout {
  readonly components: number;
  readonly features: number;
  readonly covarianceType: CovarianceType;
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
 * What one pass leaves of the points: all that the M-step needs, measured from `pivots` in `frames`. A value: `merge(zero, s)` is
 * s, and the merge of two parts is the statistics of their union. The errors of the sums are kept beside them until
 * `rounded` adds them in.
 */
export interface SufficientStatistics extends CompensatedSums {
  readonly layout: StatisticsLayout;
  /** k × d */
  readonly pivots: Float64Array;
  /** what the scatter was taken in */
  readonly frames: Frames;
  /** of the stored points, whose units all of these are */
  readonly exponents: Exponents;
}

export function zero(
  layout: StatisticsLayout,
  pivots: Float64Array,
  frames: Frames = unframed(layout),
  exponents: Exponents = null,
): SufficientStatistics {
  return { layout, pivots, frames, exponents, ...compensatedSums(layout.length) };
}

/** Adds a slot (the statistics of some points about the same pivots), keeping the error of every addition. */
export function accumulate(statistics: SufficientStatistics, slot: Float64Array): void {
  const { sums, errors } = statistics;
  addExactly(sums, errors, slot, 0);
}

/** sums + errors += the numbers of `added` from `offset` on, without losing a bit (two-sum). */
export function addExactly(sums: Float64Array, errors: Float64Array, added: Float64Array, offset: number): void {
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

/** The statistics of the union of two parts; both were measured from the same pivots in the same frames. */
export function merge(a: SufficientStatistics, b: SufficientStatistics): SufficientStatistics {
  const merged = { ...a, sums: a.sums.slice(), errors: a.errors.slice() };
  accumulate(merged, b.sums);
  for (let i = 0; i < merged.errors.length; i++) merged.errors[i] = merged.errors[i] + b.errors[i];
  return merged;
}

/** Mean log-likelihood of the points under the mixture that the statistics were taken with. */
export function lowerBound({ sums, errors }: SufficientStatistics): number {
  return (sums[LOG_LIKELIHOOD] + errors[LOG_LIKELIHOOD]) / (sums[WEIGHT_TOTAL] + errors[WEIGHT_TOTAL]);
}
