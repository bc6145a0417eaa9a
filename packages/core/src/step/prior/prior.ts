import type { Shape } from "../../covariance/covariances.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { lowerBound } from "../../statistics/sufficient-statistics.ts";
import type { Estimate } from "../estimate.ts";
import type { Maximum } from "../maximum.ts";

/** An estimate that has met the prior, and what it was of the points alone. */
export interface Met extends Estimate {
  readonly data: Estimate;
}

/** What is believed of a mixture before any point is seen, and so what EM climbs. */
export interface Prior {
  /** The estimate of the points → with what the prior adds to it. */
  meet(data: Estimate): Estimate;
  /** What the weights are proportional to. in: masses N, k. out: k */
  shares(masses: Float64Array, shape: Shape): Float64Array;
  /**
   * What an iteration climbs, as `history` holds it: of the mixture that it began with, or in variational inference of
   * the one it made (derivation.md eq. 33 and 38). in: mixtures in stored units
   */
  bound(began: Mixture, met: Met, next: Maximum): number;
}

/** Nothing is believed: the likeliest mixture, by its mean log-likelihood. */
export const noPrior: Prior = {
  meet: (data) => data,
  shares: (masses) => masses,
  bound: (_began, { statistics }) => lowerBound(statistics),
};
