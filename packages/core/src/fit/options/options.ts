import type { CovarianceType } from "../../covariance/types.ts";
import type { Arithmetic } from "../../kernels/kernel.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Numbers } from "../../mixture/parameters.ts";
import type { WeightConcentrationType } from "../../mixture/weight-concentration.ts";
import type { Seed } from "../../random.ts";
import type { EmptyComponentPolicy } from "../../step/empty-component-policy.ts";

// The types of a fit's options, for the editor's hover text. The rows of rows.ts and prior-rows.ts hold
// defaults and checks; the compiler compares the names.

/**
 * The smallest variance allowed. A number ε: ε × the data's own variance, feature by feature; 0 allows any, and a
 * covariance that collapses is an error. `{ absolute: ε }`: ε is added to every diagonal entry, as scikit-learn's
 * `reg_covar`.
 */
export type RegularizationOption = number | { readonly absolute: number };

/** Step to which features were rounded: one for all, one for each, or "auto" to detect them. */
export type GranularityOption = number | readonly number[] | "auto";

/** How starts are drawn. */
export type InitializationName = "k-means++" | "random";

/** How starts are drawn, or the mixture to start from (a `GaussianMixture` is one). */
export type InitializationOption = InitializationName | { readonly parameters: Mixture };

/** "em" finds the most probable parameters, "variational" the distribution of all parameters given the points. */
export type Inference = "em" | "variational";

/**
 * What is believed about the mixture before any point is seen: a Dirichlet (or stick-breaking) distribution of the
 * weights and a normal-inverse-Wishart of every component. Numbers are from 1e-100 to 1e100.
 */
export interface PriorOptions {
  /** α₀: points that the weight of each component is worth. Default 1 (then at least 1); variational 1/k. */
  readonly weightConcentration?: number;
  /** Variational only: a stick-breaking "process", which empties components, or a Dirichlet. Default "process". */
  readonly weightConcentrationType?: WeightConcentrationType;
  /** β₀: points that the prior mean is worth. Default 0.01; variational 1. */
  readonly meanPrecision?: number;
  /** m₀, d. Default: the mean of the points. */
  readonly mean?: ArrayLike<number>;
  /** ν₀, above d − 1: points that the prior covariance is worth. Default d + 2; variational d. */
  readonly degreesOfFreedom?: number;
  /**
   * Ψ₀, a scatter: d × d (nested or flat), d variances or one number, as the covariance type asks. Default: the
   * covariance of the points (divided by their total weight less 1), with EM divided by k^(2/d).
   */
  readonly covariance?: Numbers | number;
}

/** Options of `fit`. */
export interface FitOptions {
  /** k, from 1 to the number of points of positive weight. A mixture to start from must have as many. */
  readonly components: number;
  /** Shape of the covariances. Default "full", or that of the mixture to start from. */
  readonly covarianceType?: CovarianceType;
  /** Stop when the mean log-likelihood changes by less (variational: the lower bound). Default 1e-6; variational 1e-3. */
  readonly tolerance?: number;
  /** Stop after this many iterations. Default 200. */
  readonly maxIterations?: number;
  /** Number of independent starts; the best one is kept. Default 1. */
  readonly restarts?: number;
  /** Iterations each start is given before all but the best are dropped. Default: all of `maxIterations`. */
  readonly restartIterations?: number;
  /** Smallest variance allowed, as a fraction of the data's own, or `{ absolute }` to add to it. Default 1e-12. */
  readonly regularization?: RegularizationOption;
  /** Step to which features were rounded (1 for integers), one for all or each, or "auto" to detect it. Default 0. */
  readonly granularity?: GranularityOption;
  /** What happens to a component that loses all its points. Default "reseed". Not with variational inference. */
  readonly emptyComponent?: EmptyComponentPolicy;
  /** "variational" weighs components by a prior and empties those that the points do not need. Default "em". */
  readonly inference?: Inference;
  /** EM then finds the most probable parameters under this prior, not the likeliest. Default none; variational `{}`. */
  readonly prior?: PriorOptions;
  /** How starts are drawn, or a mixture to start from. Default "k-means++". */
  readonly initialization?: InitializationOption;
  /** Seed of the random numbers: the same seed, points and options give the same bits. Default 0. */
  readonly seed?: Seed;
  /** Arithmetic over the points. "f32" is faster, right to about 6 digits, for points stored as f32. Default "f64". */
  readonly compute?: Arithmetic;
}

/** A prior with the defaults that do not depend on the points. */
export interface ResolvedPriorOptions extends PriorOptions {
  readonly weightConcentration: number;
  readonly meanPrecision: number;
}

/** The options of a fit, checked and complete. */
export interface ResolvedFitOptions extends Required<Omit<FitOptions, "prior" | "initialization">> {
  /** null: none */
  readonly prior: ResolvedPriorOptions | null;
  /** a name, or the mixture to start from, which then has `components` components of `covarianceType` */
  readonly initialization: InitializationName | Mixture;
}
