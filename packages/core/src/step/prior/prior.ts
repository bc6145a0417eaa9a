import type { Belief, Conjugate } from "../../components/conjugate.ts";
import type { ComponentEstimates, Estimate } from "../../components/estimate.ts";
import type { Shape } from "../../covariance/covariances.ts";
import type { ManyTriangles } from "../../covariance/estimates/many-triangles.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { WeightConcentrationType } from "../../mixture/weight-concentration.ts";
import { lowerBound } from "../../statistics/sufficient-statistics.ts";
import type { Maximum } from "../maximum.ts";

/** An estimate to which the prior was added, with the estimate from the points alone. */
export interface BlendedEstimate extends Estimate {
  readonly data: ComponentEstimates;
}

/** What variational inference needs besides the prior. */
export interface VariationalSetting {
  readonly weightConcentrationType: WeightConcentrationType;
  /** what stored units take out of a log density (`logVolume`) */
  readonly logVolume: number;
}

/** A prior as plain data, which can cross threads (`priorOf`). */
export type PriorFacts =
  | { readonly kind: "none" }
  | { readonly kind: "mode"; readonly conjugate: Conjugate }
  | { readonly kind: "variational"; readonly conjugate: Conjugate; readonly setting: VariationalSetting };

/** What is believed about a mixture before any point is seen. It decides which bound EM increases. */
export interface Prior {
  readonly facts: PriorFacts;
  /** What is added to the means and covariances of each component; null: nothing. */
  belief(shape: Shape): Belief | null;
  /** What the weights of the next mixture follow. in: the estimate of the points, masses */
  weigh(data: Pick<ComponentEstimates, "masses" | "statistics">): Pick<Estimate, "shares" | "posterior">;
  /** The numbers that the weights are proportional to. in: masses N, k. out: k */
  shares(masses: Float64Array, shape: Shape): Float64Array;
  /** β₀: how many points the mean of each component rests on besides its own */
  readonly meanPrecision: number;
  readonly bound: Bound;
}

/** Finds what computes triangles side by side, or null. */
export type FindMany = () => ManyTriangles | null;

/**
 * What an iteration increases, as `history` holds it: the bound of the mixture with which it began or, in variational
 * inference, of the mixture that it made (derivation.md eq. 33 and 38). in: mixtures in stored units
 */
type Bound =
  | { readonly of: "began"; at(began: Mixture, blended: BlendedEstimate, many?: FindMany): number }
  | { readonly of: "next"; at(began: Mixture, blended: BlendedEstimate, next: Maximum): number };

/** No prior: EM finds the likeliest mixture, and the bound is its mean log-likelihood. */
export const noPrior: Prior = {
  facts: { kind: "none" },
  belief: () => null,
  weigh: ({ masses }) => ({ shares: masses }),
  shares: (masses) => masses,
  meanPrecision: 0,
  bound: { of: "began", at: (_began, { statistics }) => lowerBound(statistics) },
};
