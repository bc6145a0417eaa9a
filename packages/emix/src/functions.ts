import type { FitStep, GaussianMixture } from "@emix/core";
import {
  type CriterionOptions,
  type EmOptions,
  type EngineFitOptions,
  type EnginePoints,
  type FitResult,
  type InitializeOptions,
  type MixtureOptions,
  type QOptions,
  Run,
  type StartOptions,
} from "@emix/workers";
import { type Engine, sharedEngine, type VerboseOption } from "./engine.ts";

// `fit`, and OTT-JAX's functions: methods of an engine that the package keeps.

export interface ThreadsOption {
  /** Number of worker threads; default all cores. Never changes a result. */
  readonly threads?: number;
}

/**
 * Fits a Gaussian mixture on all cores. Await the run for the result; iterate it for its steps.
 * Rejects with an EmixError; its `code` says why.
 */
export function fit(points: EnginePoints, options: EngineFitOptions & ThreadsOption): Run<FitStep, FitResult> {
  try {
    const [engine, rest] = engineFor(options);
    return engine.fit(points, rest);
  } catch (error) {
    return Run.failed(error);
  }
}

/**
 * A start by k-means++: centres drawn ∝ weight × D², every point to its nearest centre, one M-step; drawn again, up to
 * `attempts` (50) times, while a component collapses.
 * Rejects with TOO_MANY_COMPONENTS, INITIALIZATION_FAILED, and for bad input.
 */
export async function initialize(
  points: EnginePoints,
  options: InitializeOptions & VerboseOption & ThreadsOption,
): Promise<GaussianMixture> {
  const [engine, rest] = engineFor(options);
  return engine.initialize(points, rest);
}

/** As `initialize`, drawn once. Rejects with TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT, and for bad input. */
export async function fromKmeansPlusPlus(
  points: EnginePoints,
  options: StartOptions & ThreadsOption,
): Promise<GaussianMixture> {
  const [engine, rest] = engineFor(options);
  return engine.fromKmeansPlusPlus(points, rest);
}

/**
 * Takes exactly `steps` EM steps, without regularization unless asked. `verbose` prints Q and the loss of every step to
 * standard error. Rejects with COLLAPSED_COMPONENT, and for bad input.
 */
export async function fitModelEm(points: EnginePoints, options: EmOptions & ThreadsOption): Promise<GaussianMixture> {
  const [engine, rest] = engineFor(options);
  return engine.fitModelEm(points, rest);
}

/** out: n × k, the probability of each component for each point; rows sum to 1 */
export async function getAssignmentProbs(
  points: EnginePoints,
  options: MixtureOptions & ThreadsOption,
): Promise<Float64Array> {
  const [engine, rest] = engineFor(options);
  return engine.getAssignmentProbs(points, rest);
}

/** −Σ w log p(x) / Σ w */
export async function logProbLoss(points: EnginePoints, options: CriterionOptions & ThreadsOption): Promise<number> {
  const [engine, rest] = engineFor(options);
  return engine.logProbLoss(points, rest);
}

/** Σ w Σ_c γ_c (log π_c + log N_c(x)) / Σ w: the expected complete log-likelihood for given probabilities, n × k. */
export async function getQ(points: EnginePoints, options: QOptions & ThreadsOption): Promise<number> {
  const [engine, rest] = engineFor(options);
  return engine.getQ(points, rest);
}

/** The engine with as many threads as asked for, and the other options. */
function engineFor<T extends ThreadsOption>(options: T): [Engine, Omit<T, "threads">] {
  const { threads, ...rest } = options ?? ({} as T);
  return [sharedEngine(threads), rest];
}
