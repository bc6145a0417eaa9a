import type { CovarianceType } from "../../covariance/types.ts";
import type { Arithmetic } from "../../kernels/kernel.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Numbers } from "../../mixture/parameters.ts";
import type { WeightConcentrationType } from "../../mixture/weight-concentration.ts";
import type { Seed } from "../../random.ts";
import type { Fixed } from "../../step/fixed.ts";
import type { Acceleration, EmptyComponentPolicy, Schedule, StopRule } from "../../step/policies.ts";
import type { GivenStart } from "./given-start.ts";

// The types of a fit's options, with the text that editors show. Defaults and checks are in rows.ts and prior-rows.ts;
// the compiler compares the names.

/**
 * The smallest variance allowed. A number ε means ε × the variance of the data, feature by feature; with 0, any
 * variance is allowed, and a covariance that collapses is an error. `{ absolute: ε }` adds ε to every diagonal entry,
 * like scikit-learn's `reg_covar`.
 */
export type RegularizationOption =
  | number
  | {
      /** ε, 0 or more */
      readonly absolute: number;
    };

/** The step to which features were rounded: one number for all, one for each, or "auto" to detect the steps. */
export type GranularityOption = number | readonly number[] | "auto";

/** How starts are drawn. */
export type InitializationName = "default" | "fast" | "thorough" | "k-means++" | "random";

/** How starts are drawn, the mixture to start from (for example a `GaussianMixture`), or what is known of the points. */
export type InitializationOption =
  | InitializationName
  | {
      /** the mixture to start from, as plain data */
      readonly parameters: Mixture;
    }
  | GivenStart;

/** What happens to several starts: a race that drops those too far behind, or all of them to their ends. */
export type RestartStrategy = "race" | "all";

/** Parts of the mixture to start from that stay as they are: of all components (true) or of some, counted from 0. */
export interface FixedOption {
  /** true for all components, or the numbers of some */
  readonly weights?: boolean | readonly number[];
  /** true for all components, or the numbers of some */
  readonly means?: boolean | readonly number[];
  /** Components that share a covariance keep it all, or none. */
  readonly covariances?: boolean | readonly number[];
}

/**
 * What is known of the component of each row: its number, from 0; several of which it is one; or −1, nothing.
 */
export type KnownComponents = ArrayLike<number | readonly number[]>;

/** What is known of the components of rows, as plain data. */
export interface KnownOfRows {
  /** the different sets of components that a row may belong to, rising; the first has all components */
  readonly sets: readonly (readonly number[])[];
  /** for each row that was given, the index of its set */
  readonly setOf: Int32Array;
}

/** "em" finds the most probable parameters, "variational" the distribution of the parameters given the points. */
export type Inference = "em" | "variational";

/**
 * What is believed about the mixture before any point is seen: a Dirichlet distribution (or a stick-breaking process)
 * for the weights, and a normal-inverse-Wishart distribution for each component. Numbers must lie between 1e-100 and
 * 1e100.
 */
export interface PriorOptions {
  /** α₀: how many points the weight of each component is worth. Default 1 (and then at least 1); variational 1/k. */
  readonly weightConcentration?: number;
  /**
   * Variational inference only: a stick-breaking "process", which empties components, or a Dirichlet "distribution".
   * Default "process".
   */
  readonly weightConcentrationType?: WeightConcentrationType;
  /** β₀: how many points the prior mean is worth. Default 0.01; variational 1. */
  readonly meanPrecision?: number;
  /** m₀, d numbers. Default: the mean of the points. */
  readonly mean?: ArrayLike<number>;
  /** ν₀, above d − 1: how many points the prior covariance is worth. Default d + 2; variational d. */
  readonly degreesOfFreedom?: number;
  /**
   * Ψ₀, a scatter: d × d (nested or flat), d variances or one number, depending on the covariance type. Default: the
   * covariance of the points (divided by their total weight minus 1); with EM also divided by k^(2/d).
   */
  readonly covariance?: Numbers | number;
}

/** Options of `fit`. */
export interface FitOptions {
  /**
   * k, from 1 to the number of points with a positive weight. Components of a mixture to start from are split or dropped
   * until there are this many.
   */
  readonly components: number;
  /** Shape of the covariances. Default "full", or that of the mixture to start from. */
  readonly covarianceType?: CovarianceType;
  /**
   * Stop when the mean log-likelihood (variational: the lower bound) has less than this to gain, as far as its last
   * gains tell. Default 1e-6; variational 1e-3.
   */
  readonly tolerance?: number;
  /**
   * How EM is made faster where its steps gain little: by "lbfgs", or not at all. Default "lbfgs"; "none" with
   * variational inference or an absolute ridge, which L-BFGS cannot follow.
   */
  readonly acceleration?: Acceleration;
  /**
   * Which points EM sees: first parts of them where there are many, or all from the beginning. Default "progressive";
   * "full" with variational inference, without acceleration, or from a mixture.
   */
  readonly schedule?: Schedule;
  /**
   * What `tolerance` limits: the gain that is "remaining", estimated from the last ones, or the "change" in one iteration, as
   * in scikit-learn. Default "remaining"; variational "change".
   */
  readonly stopRule?: StopRule;
  /** Stop after this many iterations. Default 500. */
  readonly maxIterations?: number;
  /** Number of independent starts; the best one is kept. Default 1. */
  readonly restarts?: number;
  /**
   * "race" drops a start that lies too far behind the best to overtake it; "all" runs every start to its end. Default
   * "race".
   */
  readonly restartStrategy?: RestartStrategy;
  /**
   * A mean log-likelihood (with a prior, a log posterior) worth reaching. A start is dropped once its recent gains cannot
   * bring it there; if all are, the result is the best of them as it was left. Default none.
   */
  readonly goal?: number;
  /**
   * Smallest variance allowed, as a fraction of the data's own, or `{ absolute }` to add to each variance. Default
   * 1e-12.
   */
  readonly regularization?: RegularizationOption;
  /**
   * Step to which features were rounded (1 for integers): one number, one for each, or "auto" to detect it. Default 0.
   */
  readonly granularity?: GranularityOption;
  /**
   * What happens to a component that loses all its points. Default "reseed". Not allowed with variational inference.
   */
  readonly emptyComponent?: EmptyComponentPolicy;
  /** "variational" keeps only as many components as the points need. Default "em". */
  readonly inference?: Inference;
  /** With a prior, EM finds the most probable parameters instead of the likeliest. Default none; variational `{}`. */
  readonly prior?: PriorOptions;
  /**
   * How starts are drawn; or a mixture to start from; or the component of each row, `{ labels }` (−1: not known), n × k
   * `{ responsibilities }` or k rows of `{ means }`, from which one M-step makes the start. Default "default"; variational
   * "k-means++".
   */
  readonly initialization?: InitializationOption;
  /** What stays as it is in the mixture to start from. Default nothing. Not with variational inference. */
  readonly fixed?: FixedOption;
  /**
   * What is known of the component of each row: its number, from 0; an array of several of which it is one; or −1, nothing.
   * Default nothing. `emptyComponent` is then "keep" by default, and the start is made from these rows.
   */
  readonly knownComponents?: KnownComponents;
  /**
   * Repairs the fit by exchange of components on all points, which finds groups too small for a sample; takes as long as
   * some tens of iterations. Default false.
   */
  readonly refine?: boolean;
  /** Seed of the random numbers: the same seed, points and options give the same bits. Default 0. */
  readonly seed?: Seed;
  /**
   * Arithmetic over the points. "f32" is faster and accurate to about 6 digits; the points must be f32. Default "f64".
   */
  readonly compute?: Arithmetic;
}

/** A prior with the defaults that do not depend on the points. */
export interface ResolvedPriorOptions extends PriorOptions {
  readonly weightConcentration: number;
  readonly meanPrecision: number;
}

/** The options of a fit, checked and complete. */
export interface ResolvedFitOptions
  extends Required<Omit<FitOptions, "prior" | "initialization" | "fixed" | "knownComponents">> {
  /** null: nothing */
  readonly fixed: Fixed | null;
  /** null: nothing */
  readonly known: KnownOfRows | null;
  /** null: none */
  readonly prior: ResolvedPriorOptions | null;
  /** a name; the mixture to start from, of type `covarianceType`; or what is known of the points */
  readonly initialization: InitializationName | Mixture | GivenStart;
}
