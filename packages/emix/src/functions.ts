import type { FitStep, GaussianMixture } from "@emix/core";
import {
  type EmArguments,
  type EngineFitOptions,
  type EnginePoints,
  type FitResult,
  type InitializeArguments,
  type QArguments,
  Run,
  type StartArguments,
} from "@emix/workers";
import { sharedEngine } from "./engine.ts";

/** Worker threads; default all cores. Never changes a result. */
interface Threads {
  readonly threads?: number;
}

/** `verbose: true` writes a line for every step to stderr. */
interface Verbose {
  readonly verbose?: boolean;
}

/**
 * Fits a Gaussian mixture on all cores. Await the run for the result, iterate it for its steps.
 * Rejects with an EmixError; its `code` says why.
 */
export function fit(points: EnginePoints, options: EngineFitOptions & Threads): Run<FitStep, FitResult> {
  try {
    const { threads, ...rest } = options ?? {};
    return sharedEngine(threads).fit(points, rest as EngineFitOptions);
  } catch (error) {
    return Run.failed(error);
  }
}

/**
 * A start by k-means++: centres drawn ∝ weight × D², every point to its nearest centre, one M-step; drawn again, up to
 * `attempts` (50) times, while a component collapses.
 * Rejects with TOO_MANY_COMPONENTS, INITIALIZATION_FAILED, and for bad input.
 */
export async function initialize(given: InitializeArguments & Threads & Verbose): Promise<GaussianMixture> {
  const { threads, verbose = false, ...rest } = given ?? {};
  const mixture = await sharedEngine(threads).initialize(rest);
  if (verbose) process.stderr.write(`initialized ${mixture.components} components\n`);
  return mixture;
}

/** As `initialize`, with one try. Rejects with TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT, and for bad input. */
export async function fromKmeansPlusPlus(given: StartArguments & Threads): Promise<GaussianMixture> {
  const { threads, ...rest } = given ?? {};
  return sharedEngine(threads).fromKmeansPlusPlus(rest);
}

/** Takes exactly `steps` EM iterations, without regularization unless asked. Rejects with COLLAPSED_COMPONENT. */
export async function fitModelEm(given: EmArguments & Threads & Verbose): Promise<GaussianMixture> {
  const { threads, verbose = false, onStep, ...rest } = given ?? {};
  const report = (step: FitStep) => {
    if (verbose) process.stderr.write(`step ${step.iteration}: log-likelihood ${step.lowerBound} a point\n`);
    onStep?.(step);
  };
  return sharedEngine(threads).fitModelEm({ ...rest, onStep: report });
}

interface OfPoints extends Threads {
  readonly mixture: GaussianMixture;
  readonly points: EnginePoints;
  readonly signal?: AbortSignal;
}

/** out: n × k, the probability of each component for each point; rows sum to 1 */
export async function getAssignmentProbs(given: OfPoints): Promise<Float64Array> {
  const { threads, ...rest } = given ?? {};
  return sharedEngine(threads).predictProba(rest);
}

interface WeightedOfPoints extends OfPoints {
  readonly pointWeights?: ArrayLike<number>;
}

/** −Σ w log p(x) / Σ w */
export async function logProbLoss(given: WeightedOfPoints): Promise<number> {
  const { threads, ...rest } = given ?? {};
  return -(await sharedEngine(threads).score(rest));
}

/** Σ w Σ_c γ_c (log π_c + log N_c(x)) / Σ w: the expected complete log-likelihood for given probabilities, n × k. */
export async function getQ(given: QArguments & Threads): Promise<number> {
  const { threads, ...rest } = given ?? {};
  return sharedEngine(threads).expectedLogLikelihood(rest);
}
