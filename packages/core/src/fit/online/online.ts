import { addSums, roundSums } from "../../linear-algebra/compensated-sum.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Measure } from "../../statistics/frames.ts";
import {
  lowerBound,
  noStatistics,
  type SufficientStatistics,
  weightTotal,
} from "../../statistics/sufficient-statistics.ts";
import { maximum } from "../../step/maximization.ts";
import { plainRules } from "../../step/rules.ts";
import { firstLook } from "../../step/second-look.ts";
import { ridgesOf } from "../regularization.ts";

// Statistics that outlive their points: points come in shards, or in batches one after the other (derivation.md §23).

/** The statistics of the union of several sets of points. in: parts, of one measure, and one at least */
export function addAll(parts: readonly SufficientStatistics[]): SufficientStatistics {
  const [{ layout, pivots, frames }] = parts;
  const total = noStatistics(layout, { pivots, frames });
  for (const part of parts) addSums(total, part);
  return total;
}

/**
 * (1 − ρ) of what is known, and ρ of what is new, as if both were of the same weight (derivation.md eq. 57). The total weight stays.
 * in: of one measure, each of points that weigh something; rate, ρ
 */
export function blendSums(
  known: SufficientStatistics,
  fresh: SufficientStatistics,
  rate: number,
): SufficientStatistics {
  const scale = rate * (weightTotal(known) / weightTotal(fresh));
  const mix = (a: Float64Array, b: Float64Array) => a.map((value, i) => (1 - rate) * value + scale * b[i]);
  return { ...known, sums: mix(known.sums, fresh.sums), errors: mix(known.errors, fresh.errors) };
}

/**
 * The M-step of statistics alone. Components without points stay as they were.
 * in: the mixture they were taken under; ridge, added to every variance. @throws COLLAPSED_COMPONENT, OVERFLOW, UNDERFLOW
 */
export function maximumOf(statistics: SufficientStatistics, mixture: Mixture, ridge: number): Mixture {
  const { features } = mixture;
  const rules = { ...plainRules(features), regularization: ridgesOf(ridge, features, null) };
  return maximum(firstLook(statistics, rules).expected, rules, { previous: mixture }).mixture;
}

/** Are statistics about the same measure, so that they can be added? */
export function sameMeasure(a: Measure, b: Measure): boolean {
  const same = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    one.length === other.length && Array.from(one).every((value, i) => value === other[i]);
  return same(a.pivots, b.pivots) && same(a.frames.framed, b.frames.framed) && same(a.frames.factors, b.frames.factors);
}

/** What statistics say of their points. */
export interface StatisticsFacts {
  readonly weightTotal: number;
  /** mean log-likelihood */
  readonly lowerBound: number;
  /** k */
  readonly responsibilitySums: Float64Array;
}

export function factsOf(statistics: SufficientStatistics): StatisticsFacts {
  const { responsibilitySums, weightedSums } = statistics.layout;
  return {
    weightTotal: weightTotal(statistics),
    lowerBound: lowerBound(statistics),
    responsibilitySums: roundSums(statistics, responsibilitySums, weightedSums),
  };
}
