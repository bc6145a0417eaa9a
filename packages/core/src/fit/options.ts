import { COVARIANCE_TYPES, type CovarianceType } from "../covariance/types.ts";
import { invalidOption, unknownOption } from "../errors.ts";
import type { Arithmetic } from "../kernels/kernel.ts";
import type { Numbers } from "../mixture/parameters.ts";
import { WEIGHT_CONCENTRATION_TYPES, type WeightConcentrationType } from "../mixture/posterior.ts";
import type { Seed } from "../random.ts";
import { EMPTY_COMPONENT_POLICIES, type EmptyComponentPolicy } from "../step/empty-component-policy.ts";

/**
 * How far a covariance may shrink. A number ε: never below ε × the data's own variance, feature by feature; 0: no
 * regularization, a collapse is an error. `{ absolute: ε }`: ε is added to every diagonal entry, as scikit-learn's
 * `reg_covar`.
 */
export type RegularizationOption = number | { readonly absolute: number };

export type GranularityOption = number | readonly number[] | "auto";

export type InitializationName = "k-means++" | "random";

/** What a fit looks for: the most probable parameters, or the distribution of all parameters that the points leave. */
export type Inference = "em" | "variational";

/**
 * What is believed of a mixture before any point is seen: a Dirichlet (or stick-breaking) distribution of the weights
 * and a normal-inverse-Wishart of every component. Numbers are from 1e-100 to 1e100.
 */
export interface PriorOptions {
  /** α₀ of every component: points that its weight is worth. EM: from 1 up, default 1; variational: default 1/k. */
  readonly weightConcentration?: number;
  /** Variational only. "process": sticks broken off one after the other, which empties components. Default "process". */
  readonly weightConcentrationType?: WeightConcentrationType;
  /** β₀: points that the prior mean is worth. Default 0.01 with EM, 1 in variational inference. */
  readonly meanPrecision?: number;
  /** m₀, d. Default the mean of the points. */
  readonly mean?: ArrayLike<number>;
  /** ν₀, above d − 1: points that the prior covariance is worth. Default d + 2 with EM, d in variational inference. */
  readonly degreesOfFreedom?: number;
  /**
   * Ψ₀, a scatter: full and tied d × d, nested or flat, diag d, spherical one number. Default the covariance of the
   * points (divided by their total weight less 1); with EM divided by k^(2/d).
   */
  readonly covariance?: Numbers | number;
}

/** Options of `fit`. */
export interface FitOptions {
  /** k, from 1 to the number of points of positive weight */
  readonly components: number;
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
  /**
   * Stop when the mean log-likelihood changes by less in an iteration, or in variational inference the lower bound of
   * all points. Default 1e-6; variational 1e-3, as scikit-learn's. 0 takes all iterations.
   */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maxIterations?: number;
  /** Independent starts, of which the best is kept. Default 1. */
  readonly restarts?: number;
  /** Iterations that each start gets before only the best goes on. Default: all of `maxIterations`. */
  readonly restartIterations?: number;
  /** Default 1e-12. */
  readonly regularization?: RegularizationOption;
  /**
   * Steps that the features were rounded to (1 for integers), one for all or one each, or "auto" to find them: no group
   * is thinner. Default 0.
   */
  readonly granularity?: GranularityOption;
  /**
   * What becomes of a component that loses all its points: "reseed" starts it anew at the point that the mixture
   * explains worst, "drop" goes on with one component less, "keep" leaves it where it is with weight 0, "error" ends
   * that start. Default "reseed". Not in variational inference, where no component is without weight.
   */
  readonly emptyComponent?: EmptyComponentPolicy;
  /** "variational" weighs components and drops those it does not need by a prior. Default "em". */
  readonly inference?: Inference;
  /** EM: the most probable parameters under this prior instead of the likeliest ones. Variational: default `{}`. */
  readonly prior?: PriorOptions;
  /** How starts are made. Default "k-means++". */
  readonly initialization?: InitializationName;
  /** Same seed, points and options: same bits. Default 0. */
  readonly seed?: Seed;
  /**
   * Arithmetic over the points. "f32", for points stored as f32: about twice as fast, right to about 6 digits; sums
   * over tiles, densities and the M-step stay double, and so does a step in which a covariance is nearly singular.
   * Default "f64".
   */
  readonly compute?: Arithmetic;
}

export interface ResolvedFitOptions extends Required<Omit<FitOptions, "prior">> {
  /** null: none */
  readonly prior: PriorOptions | null;
}

const DEFAULTS: Omit<
  ResolvedFitOptions,
  "components" | "restartIterations" | "prior" | "tolerance" | "emptyComponent"
> = Object.freeze({
  covarianceType: "full",
  maxIterations: 200,
  restarts: 1,
  regularization: 1e-12,
  granularity: 0,
  inference: "em",
  initialization: "k-means++",
  seed: 0,
  compute: "f64",
});

/** What is by default as the inference is. */
const DEFAULTS_OF = {
  em: { tolerance: 1e-6, emptyComponent: "reseed" },
  variational: { tolerance: 1e-3, emptyComponent: "keep" },
} as const;

const KNOWN: readonly (keyof FitOptions)[] = [
  "components",
  "tolerance",
  "restartIterations",
  "emptyComponent",
  "prior",
  ...(Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]),
];

/**
 * The only validator of fit options.
 * @throws UNKNOWN_OPTION, INVALID_OPTION
 */
export function resolveFitOptions(options: FitOptions): ResolvedFitOptions {
  const given = onlyKnown(options, KNOWN);
  const maxIterations = given.maxIterations ?? DEFAULTS.maxIterations;
  const { inference = DEFAULTS.inference } = given;
  requireOneOf("inference", inference, ["em", "variational"]);
  const resolved = {
    ...DEFAULTS,
    ...DEFAULTS_OF[inference],
    restartIterations: maxIterations,
    ...given,
    prior: resolvePrior(given.prior, inference),
  };
  if (inference === "variational" && given.emptyComponent !== undefined) {
    const expected = 'left out with inference "variational", which empties none';
    throw invalidOption("emptyComponent", expected, given.emptyComponent);
  }
  requireInteger("components", resolved.components, 1);
  requireInteger("maxIterations", resolved.maxIterations, 1);
  requireInteger("restarts", resolved.restarts, 1);
  requireInteger("restartIterations", resolved.restartIterations, 1);
  requireOneOf("covarianceType", resolved.covarianceType, COVARIANCE_TYPES);
  requireOneOf("initialization", resolved.initialization, ["k-means++", "random"]);
  requireOneOf("emptyComponent", resolved.emptyComponent, EMPTY_COMPONENT_POLICIES);
  requireOneOf("compute", resolved.compute, ["f64", "f32"]);
  requireNotNegative("tolerance", resolved.tolerance);
  requireRegularization(resolved.regularization);
  requireGranularity(resolved.granularity);
  requireSeed(resolved.seed);
  return resolved;
}

/** What depends on the points is checked with them (prior/prior.ts). @throws UNKNOWN_OPTION, INVALID_OPTION */
function resolvePrior(prior: PriorOptions | undefined, inference: Inference): PriorOptions | null {
  if (prior === undefined) return inference === "em" ? null : {};
  const given = onlyKnown(prior, PRIOR_OPTIONS, "prior");
  const { weightConcentration, weightConcentrationType } = given;
  if (inference === "em") {
    if (weightConcentrationType !== undefined) {
      throw invalidOption("prior.weightConcentrationType", 'left out with inference "em"', weightConcentrationType);
    }
    if (weightConcentration !== undefined && !(weightConcentration >= 1)) {
      throw invalidOption("prior.weightConcentration", 'a number from 1 up with inference "em"', weightConcentration);
    }
  } else if (weightConcentrationType !== undefined) {
    requireOneOf("prior.weightConcentrationType", weightConcentrationType, WEIGHT_CONCENTRATION_TYPES);
  }
  for (const name of ["weightConcentration", "meanPrecision", "degreesOfFreedom"] as const) {
    if (given[name] !== undefined) requireSize(`prior.${name}`, given[name]);
  }
  return given;
}

const PRIOR_OPTIONS: readonly (keyof PriorOptions)[] = [
  "weightConcentration",
  "weightConcentrationType",
  "meanPrecision",
  "mean",
  "degreesOfFreedom",
  "covariance",
];

function requireSize(name: string, value: unknown): void {
  if (!(typeof value === "number" && value >= 1e-100 && value <= 1e100)) {
    throw invalidOption(name, "a number from 1e-100 to 1e100", value);
  }
}

/** Drops options given as undefined. @throws UNKNOWN_OPTION, INVALID_OPTION */
export function onlyKnown<T extends object>(options: T, known: readonly string[], name = "options"): T {
  if (typeof options !== "object" || options === null) throw invalidOption(name, "an object", options);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [option] of given) if (!known.includes(option)) throw unknownOption(option, known);
  return Object.fromEntries(given) as T;
}

export function requireInteger(name: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw invalidOption(name, `an integer from ${least} up`, value);
  }
}

export function requireNotNegative(name: string, value: unknown): void {
  if (typeof value !== "number" || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw invalidOption(name, "a finite number from 0 up", value);
  }
}

export function requireOneOf(name: string, value: unknown, known: readonly string[]): void {
  if (!known.includes(value as string)) throw invalidOption(name, `one of ${known.join(", ")}`, value);
}

export function requireSeed(seed: unknown): void {
  if (typeof seed !== "string" && !Number.isFinite(seed))
    throw invalidOption("seed", "a finite number or a string", seed);
}

export function requireRegularization(value: unknown): void {
  if (typeof value === "object" && value !== null) {
    const { absolute } = onlyKnown(value as { absolute: number }, ["absolute"]);
    requireNotNegative("regularization.absolute", absolute);
  } else requireNotNegative("regularization", value);
}

function requireGranularity(value: unknown): void {
  if (value === "auto") return;
  for (const step of Array.isArray(value) ? value : [value]) requireNotNegative("granularity", step);
}
