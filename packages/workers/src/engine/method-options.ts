import { resolve } from "node:path";
import {
  type CovarianceType,
  type FitOptions,
  type FitStep,
  type FittedStart,
  GaussianMixture,
  invalidOption,
  type MissingOption,
  type Mixture,
  onlyKnown,
  type PointsLike,
  type PointWeightsOption,
  type RegularizationOption,
  type Responsibilities,
  requireInteger,
  type SampleOptions,
  type Seed,
  type Warning,
} from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import type { CheckpointPlan, KeptFit } from "../checkpoint/checkpoint.ts";
import type { LoadedPoints } from "../loaded-points.ts";

// The options that methods of an engine take besides points, and the result of a fit.

/** Points for an engine: as callers have them, or already loaded. */
export type EnginePoints = PointsLike | LoadedPoints;

/** What stops work. */
export interface SignalOption {
  /** Stops the work, which then rejects with ABORTED. The engine can still be used. */
  readonly signal?: AbortSignal;
}

/** What decides when work is done. */
export interface TurnOption {
  /** Work with a greater number goes first; of equal work, the shortest. It changes no result. Default 0. */
  readonly priority?: number;
}

/** What becomes of rows that lack a number. */
export interface MissingRowsOption {
  /**
   * What happens to a row without a finite number in every feature: "error", or "drop" to leave it out. Results keep
   * the caller's row numbers: a dropped row has the label −1, and NaN elsewhere. Default "error".
   */
  readonly missing?: MissingOption;
}

/** Options of `load`. */
export interface LoadOptions extends PointWeightsOption, MissingRowsOption {}

/** Options of an engine's `fit`. */
export interface EngineFitOptions extends FitOptions, LoadOptions, SignalOption, TurnOption {
  /**
   * Called after each iteration, perhaps several times in a row. If it answers "stop", the fit ends with the best mixture so
   * far and `converged: false`; if it throws or rejects, so does the fit.
   */
  readonly onStep?: (step: FitStep) => unknown;
  /**
   * How long the fit may take from its first pass on, in milliseconds. Then it ends with the best so far, with
   * `converged: false` and the warning TIME_BUDGET: the one result that depends on time. Default: as long as it takes.
   */
  readonly timeBudget?: number;
  /** Writes a checkpoint now and then, from which `resume` goes on. Default: none is written. */
  readonly checkpoint?: CheckpointOption;
}

/** Where a fit writes how far it has come. */
export interface CheckpointOption {
  /** a file, which is replaced as a whole each time */
  readonly path: string;
  /** After how many steps, of all starts together. Default 10. */
  readonly every?: number;
}

/** Options of `resume`. The options of the fit, and its `checkpoint`, are those that it began with. */
export interface ResumeOptions
  extends LoadOptions,
    SignalOption,
    TurnOption,
    Pick<EngineFitOptions, "onStep" | "timeBudget"> {}

/** The result of a fit. */
export interface FitResult {
  /** the mixture of the best start */
  readonly mixture: GaussianMixture;
  /** whether the best start met the tolerance */
  readonly converged: boolean;
  /** iterations of the best start */
  readonly iterations: number;
  /** Mean log-likelihood of `mixture`; after variational inference, the evidence lower bound summed over all points. */
  readonly lowerBound: number;
  /**
   * What the stop rule compared, one number for each iteration of the best start: the mean log-likelihood of the
   * mixture with which the iteration began, with a prior plus its log density; for variational inference, the evidence
   * lower bound after the iteration.
   */
  readonly history: readonly number[];
  /** index of the best start */
  readonly restart: number;
  /** What happened on the way, each once. */
  readonly warnings: readonly Warning[];
  /** What became of each start: its `history`, and why it failed if it did. */
  readonly starts: readonly FittedStart[];
}

/** Options of `fromKmeansPlusPlus`. */
export interface StartOptions extends LoadOptions, SignalOption, TurnOption {
  /** k */
  readonly components: number;
  /** Default 0. */
  readonly seed?: Seed;
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
  /** Default 0. */
  readonly regularization?: RegularizationOption;
}

/** Options of `initialize`. */
export interface InitializeOptions extends StartOptions {
  /** How many draws to try before giving up. Default 50. */
  readonly attempts?: number;
}

/** A step of `fitModelEm`. */
export interface EmStep extends FitStep {
  /** With `verbose`: the expected complete log-likelihood of the new mixture, by the responsibilities of the E-step. */
  readonly q?: number;
  /** With `verbose`: the negative mean log-likelihood of the new mixture. */
  readonly loss?: number;
}

/** Options of `fitModelEm`. */
export interface EmOptions extends LoadOptions, SignalOption, TurnOption {
  /** the mixture to start from */
  readonly mixture: GaussianMixture;
  /** How many EM steps to take, exactly. */
  readonly steps: number;
  /** Default 0. */
  readonly regularization?: RegularizationOption;
  /** Called after each step, perhaps several times in a row. If it throws or rejects, so does the work. */
  readonly onStep?: (step: EmStep) => unknown;
  /** true: every step also has `q` and `loss`, at the cost of two more passes over the points. Default false. */
  readonly verbose?: boolean;
}

/** Options of methods that compute something for every point. */
export interface MixtureOptions extends MissingRowsOption, SignalOption, TurnOption {
  /** the mixture to ask */
  readonly mixture: GaussianMixture;
}

/** Options of methods that compute one number for all points. */
export interface CriterionOptions extends LoadOptions, SignalOption, TurnOption {
  /** the mixture to judge */
  readonly mixture: GaussianMixture;
}

/** Options of `expectedLogLikelihood` and `getQ`. */
export interface QOptions extends CriterionOptions {
  /** n × k, flat row-major or rows */
  readonly assignmentProbs: Responsibilities;
}

/** Options of an engine's `sample`. */
export interface EngineSampleOptions extends SampleOptions {
  /** the mixture to draw from */
  readonly mixture: GaussianMixture;
  /** number of points to draw */
  readonly count: number;
}

const LOAD = ["pointWeights", "missing"];
const CONTROL = ["signal", "priority"];
const START = [...LOAD, ...CONTROL, "components", "seed", "covarianceType", "regularization"];
const CRITERION = [...LOAD, ...CONTROL, "mixture"];

/** Groups of methods that take the same options. */
type Method = "load" | "resume" | "start" | "initialize" | "em" | "mixture" | "criterion" | "q" | "sample";

/** The names of those options. */
export const KNOWN: Readonly<Record<Method, readonly string[]>> = {
  load: [...LOAD, "signal"],
  resume: [...LOAD, ...CONTROL, "onStep", "timeBudget"],
  start: START,
  initialize: [...START, "attempts"],
  em: [...CRITERION, "steps", "regularization", "onStep", "verbose"],
  mixture: ["mixture", "missing", ...CONTROL],
  criterion: CRITERION,
  q: [...CRITERION, "assignmentProbs"],
  sample: ["mixture", "count", "seed"],
};

/** Options of a call besides its job. */
export interface CallOptions extends LoadOptions, SignalOption, TurnOption {
  readonly onStep?: (step: EmStep) => unknown;
  /** stops and pauses the job; default: one of its own */
  readonly flag?: CancelFlag;
}

/** @throws INVALID_OPTION */
export function requireControl({ signal, priority, onStep }: CallOptions): void {
  if (priority !== undefined && !Number.isFinite(priority)) throw invalidOption("priority", "a number", priority);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidOption("signal", "an AbortSignal", signal);
  if (onStep !== undefined && typeof onStep !== "function") throw invalidOption("onStep", "a function", onStep);
}

/** The parameters of the mixture that a method was given. @throws INVALID_OPTION */
export function parametersOf(mixture: unknown): Mixture {
  if (mixture instanceof GaussianMixture) return mixture.parameters;
  throw invalidOption("mixture", "a GaussianMixture", mixture);
}

/** The options of a fit by what they are for: for the call, for EM, for the job. */
interface FitParts {
  readonly call: CallOptions;
  readonly fit: FitOptions;
  readonly job: Pick<KeptFit, "timeBudget" | "checkpoint">;
}

/** @throws INVALID_OPTION */
export function partsOf(options: EngineFitOptions): FitParts {
  const { pointWeights, missing, signal, priority, onStep, timeBudget, checkpoint, ...fit } = options ?? {};
  const call = defined({ pointWeights, missing, signal, priority, onStep });
  requireControl(call);
  if (timeBudget !== undefined && !(timeBudget > 0)) {
    throw invalidOption("timeBudget", "a number of milliseconds above 0", timeBudget);
  }
  return { call, fit: fit as FitOptions, job: defined({ timeBudget, checkpoint: planOf(checkpoint) }) };
}

/** @throws INVALID_OPTION, UNKNOWN_OPTION */
function planOf(checkpoint: CheckpointOption | undefined): CheckpointPlan | undefined {
  if (checkpoint === undefined) return undefined;
  const { path, every = 10 } = onlyKnown(checkpoint, ["path", "every"], "checkpoint");
  if (typeof path !== "string" || path === "") throw invalidOption("checkpoint.path", "the path of a file", path);
  requireInteger("checkpoint.every", every, 1);
  return { path: resolve(path), every };
}

/** Leaves out fields that are undefined. */
export function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
