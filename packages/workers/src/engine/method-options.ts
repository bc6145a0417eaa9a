import {
  type CovarianceType,
  type FitOptions,
  type FitStep,
  type FittedStart,
  type GaussianMixture,
  invalidOption,
  type MissingOption,
  type PointsLike,
  type PointWeightsOption,
  type RegularizationOption,
  type Responsibilities,
  type SampleOptions,
  type Seed,
  type Warning,
} from "@emix/core";
import type { LoadedPoints } from "../loaded-points.ts";

// What the methods of an engine take besides points, and what a fit gives.

/** Points for an engine: as callers have them, or loaded before. */
export type EnginePoints = PointsLike | LoadedPoints;

export interface SignalOption {
  /** Stops the work, which then rejects with ABORTED; the engine stays usable. */
  readonly signal?: AbortSignal;
}

export interface MissingRowsOption {
  /**
   * What a row without a finite number in every feature means: "error", or "drop" to leave it out. Results keep the
   * caller's row numbers: a dropped row has label −1 and NaN elsewhere. Default "error".
   */
  readonly missing?: MissingOption;
}

/** How `load` takes points. */
export interface LoadOptions extends PointWeightsOption, MissingRowsOption {}

export interface EngineFitOptions extends FitOptions, LoadOptions, SignalOption {
  /** Called after each iteration, perhaps several times in a row. */
  readonly onStep?: (step: FitStep) => void;
}

/** What a fit gives. */
export interface FitResult {
  /** of the best start */
  readonly mixture: GaussianMixture;
  /** Did the best start meet the tolerance? */
  readonly converged: boolean;
  /** iterations of the best start */
  readonly iterations: number;
  /** Mean log-likelihood of `mixture`; after variational inference the evidence lower bound, summed over all points. */
  readonly lowerBound: number;
  /**
   * What the stop rule compared, one number an iteration of the best start: the mean log-likelihood of the mixture that
   * the iteration began with, with a prior plus its log density; the evidence lower bound after a variational iteration.
   */
  readonly history: readonly number[];
  /** index of the best start */
  readonly restart: number;
  readonly warnings: readonly Warning[];
  /** What became of each start: its `history`, and why it failed if it did. */
  readonly starts: readonly FittedStart[];
}

/** Options of `fromKmeansPlusPlus`. */
export interface StartOptions extends LoadOptions, SignalOption {
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
  /** Draws to try before giving up. Default 50. */
  readonly attempts?: number;
}

/** A step of `fitModelEm`. */
export interface EmStep extends FitStep {
  /** With `verbose`: the expected complete log-likelihood of the new mixture under the probabilities of the E-step. */
  readonly q?: number;
  /** With `verbose`: the negative mean log-likelihood of the new mixture. */
  readonly loss?: number;
}

/** Options of `fitModelEm`. */
export interface EmOptions extends LoadOptions, SignalOption {
  readonly mixture: GaussianMixture;
  /** EM steps to take, exactly. */
  readonly steps: number;
  /** Default 0. */
  readonly regularization?: RegularizationOption;
  /** Called after each step, perhaps several times in a row. */
  readonly onStep?: (step: EmStep) => void;
  /** true: every step also has `q` and `loss`, which takes two more passes over the points. Default false. */
  readonly verbose?: boolean;
}

/** A mixture, to find something of every point. */
export interface MixtureOptions extends MissingRowsOption, SignalOption {
  readonly mixture: GaussianMixture;
}

/** A mixture, to find one number of all points. */
export interface CriterionOptions extends LoadOptions, SignalOption {
  readonly mixture: GaussianMixture;
}

/** Options of `expectedLogLikelihood` and `getQ`. */
export interface QOptions extends CriterionOptions {
  /** n × k, flat row-major or rows */
  readonly assignmentProbs: Responsibilities;
}

/** Options of an engine's `sample`. */
export interface EngineSampleOptions extends SampleOptions {
  readonly mixture: GaussianMixture;
  /** number of points to draw */
  readonly count: number;
}

const LOAD = ["pointWeights", "missing"];
const START = [...LOAD, "signal", "components", "seed", "covarianceType", "regularization"];
const CRITERION = [...LOAD, "signal", "mixture"];

/** Methods by the options they take. */
type Method = "load" | "start" | "initialize" | "em" | "mixture" | "criterion" | "q" | "sample";

/** The names of those options. */
export const KNOWN: Readonly<Record<Method, readonly string[]>> = {
  load: LOAD,
  start: START,
  initialize: [...START, "attempts"],
  em: [...CRITERION, "steps", "regularization", "onStep", "verbose"],
  mixture: ["mixture", "missing", "signal"],
  criterion: CRITERION,
  q: [...CRITERION, "assignmentProbs"],
  sample: ["mixture", "count", "seed"],
};

/** What a call is told besides its job. */
export interface CallOptions extends LoadOptions, SignalOption {
  readonly onStep?: (step: EmStep) => void;
}

/** @throws INVALID_OPTION */
export function requireControl({ signal, onStep }: CallOptions): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidOption("signal", "an AbortSignal", signal);
  if (onStep !== undefined && typeof onStep !== "function") throw invalidOption("onStep", "a function", onStep);
}
