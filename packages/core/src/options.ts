import { COVARIANCE_TYPES, type CovarianceType } from "./covariance/covariance.ts";
import { EMPTY_COMPONENT_POLICIES, type EmptyComponentPolicy } from "./empty-component.ts";
import { invalidOption, unknownOption } from "./errors.ts";
import type { Arithmetic } from "./kernels/simd/compiled.ts";
import type { Seed } from "./random.ts";

/**
 * How far a covariance may shrink. A number ε: never below ε × the data's own variance, feature by feature; 0: no
 * regularization, a collapse is an error. `{ absolute: ε }`: ε is added to every diagonal entry, as scikit-learn's
 * `reg_covar`.
 */
export type RegularizationOption = number | { readonly absolute: number };

export type GranularityOption = number | readonly number[] | "auto";

export type InitializationName = "k-means++" | "random";

/** Options of `fit`. */
export interface FitOptions {
  /** k, from 1 to the number of points of positive weight */
  readonly components: number;
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
  /** Stop when the mean log-likelihood changes by less in an iteration. Default 1e-6; 0 takes all iterations. */
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
   * that start. Default "reseed".
   */
  readonly emptyComponent?: EmptyComponentPolicy;
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

export type ResolvedFitOptions = Required<FitOptions>;

const DEFAULTS: Omit<ResolvedFitOptions, "components" | "restartIterations"> = Object.freeze({
  covarianceType: "full",
  tolerance: 1e-6,
  maxIterations: 200,
  restarts: 1,
  regularization: 1e-12,
  granularity: 0,
  emptyComponent: "reseed",
  initialization: "k-means++",
  seed: 0,
  compute: "f64",
});

/**
 * The only validator of fit options.
 * @throws UNKNOWN_OPTION, INVALID_OPTION
 */
export function resolveFitOptions(options: FitOptions): ResolvedFitOptions {
  const given = onlyKnown(options, ["components", "restartIterations", ...Object.keys(DEFAULTS)]);
  const maxIterations = given.maxIterations ?? DEFAULTS.maxIterations;
  const resolved = { ...DEFAULTS, restartIterations: maxIterations, ...given };
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

/** Drops options given as undefined. @throws UNKNOWN_OPTION, INVALID_OPTION */
export function onlyKnown<T extends object>(options: T, known: readonly string[]): T {
  if (typeof options !== "object" || options === null) throw invalidOption("options", "an object", options);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name] of given) if (!known.includes(name)) throw unknownOption(name, known);
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
