import {
  type Bootstrap,
  type FitStep,
  type GaussianMixture,
  requirePlainObject,
  type StandardErrors,
} from "@emix/core";
import {
  type BootstrapOptions,
  type CriterionOptions,
  type EmOptions,
  type EngineFitOptions,
  type EnginePoints,
  type FitResult,
  FitRun,
  type InitializeOptions,
  type MixtureOptions,
  type QOptions,
  Run,
  type StartOptions,
} from "@emix/workers";
import { type Engine, sharedEngine, type VerboseOption } from "./engine.ts";

// `fit` and OTT-JAX's functions. They call methods of an engine that the package keeps.

/** How many threads a function may use. */
export interface ThreadsOption {
  /** Number of worker threads. Default: all cores. Never changes a result. */
  readonly threads?: number;
}

/**
 * Fits a Gaussian mixture on all cores. Await the run for the result, or iterate it for its steps.
 * in: points, n × d. Rejects with an EmixError whose `code` names the cause.
 */
export function fit(points: EnginePoints, options: EngineFitOptions & ThreadsOption): FitRun<FitStep, FitResult> {
  try {
    const [engine, rest] = engineFor(options);
    return engine.fit(points, rest);
  } catch (error) {
    return new FitRun(() => Promise.reject(error));
  }
}

/**
 * Standard errors and intervals of the parameters of a fitted mixture, by the bootstrap, on all cores.
 * Rejects as a fit, if fewer than two resamples can be fitted.
 */
export function bootstrap(points: EnginePoints, options: BootstrapOptions & ThreadsOption): Run<FitStep, Bootstrap> {
  try {
    const [engine, rest] = engineFor(options);
    return engine.bootstrap(points, rest);
  } catch (error) {
    return new Run(() => Promise.reject(error));
  }
}

/**
 * Standard errors of the parameters of a mixture that was fitted to these points, by the observed information.
 * Rejects with NOT_A_MAXIMUM if the log-likelihood has no maximum at the mixture, and for bad input.
 */
export async function standardErrors(
  points: EnginePoints,
  options: CriterionOptions & ThreadsOption,
): Promise<StandardErrors> {
  const [engine, rest] = engineFor(options);
  return engine.standardErrors(points, rest);
}

/**
 * A start by k-means++: centres drawn in proportion to weight × squared distance, every point assigned to its nearest
 * centre, one M-step. It is drawn again, up to `attempts` times (default 50), while a component collapses.
 * Rejects with TOO_MANY_COMPONENTS or INITIALIZATION_FAILED, and for bad input.
 */
export async function initialize(
  points: EnginePoints,
  options: InitializeOptions & VerboseOption & ThreadsOption,
): Promise<GaussianMixture> {
  const [engine, rest] = engineFor(options);
  return engine.initialize(points, rest);
}

/**
 * Like `initialize`, but drawn once. Rejects with TOO_FEW_DISTINCT_POINTS or COLLAPSED_COMPONENT, and for bad input.
 */
export async function fromKmeansPlusPlus(
  points: EnginePoints,
  options: StartOptions & ThreadsOption,
): Promise<GaussianMixture> {
  const [engine, rest] = engineFor(options);
  return engine.fromKmeansPlusPlus(points, rest);
}

/**
 * Takes exactly `steps` EM steps. By default there is no regularization. `verbose` prints Q and the loss of every step
 * to standard error.
 * Rejects with COLLAPSED_COMPONENT, OVERFLOW or UNDERFLOW, and for bad input.
 */
export async function fitModelEm(points: EnginePoints, options: EmOptions & ThreadsOption): Promise<GaussianMixture> {
  const [engine, rest] = engineFor(options);
  return engine.fitModelEm(points, rest);
}

/** out: n × k, the probability of each component for each point; each row adds up to 1 */
export async function getAssignmentProbs(
  points: EnginePoints,
  options: MixtureOptions & ThreadsOption,
): Promise<Float64Array> {
  const [engine, rest] = engineFor(options);
  return engine.getAssignmentProbs(points, rest);
}

/** −Σ w log p(x) / Σ w, the negative mean log-likelihood. */
export async function logProbLoss(points: EnginePoints, options: CriterionOptions & ThreadsOption): Promise<number> {
  const [engine, rest] = engineFor(options);
  return engine.logProbLoss(points, rest);
}

/** Σ w Σ_c γ_c (log π_c + log N_c(x)) / Σ w: the expected complete log-likelihood for given probabilities γ, n × k. */
export async function getQ(points: EnginePoints, options: QOptions & ThreadsOption): Promise<number> {
  const [engine, rest] = engineFor(options);
  return engine.getQ(points, rest);
}

/** The engine with the threads that were asked for, and the other options. */
function engineFor<T extends ThreadsOption>(options: T): [Engine, Omit<T, "threads">] {
  if (options !== undefined) requirePlainObject("options", options);
  const { threads, ...rest } = options ?? ({} as T);
  return [sharedEngine(threads), rest];
}
