import {
  type CovarianceType,
  type FitOptions,
  type FitStep,
  type Fitted,
  type GaussianMixture,
  invalidOption,
  type MissingOption,
  type PointsLike,
  type RegularizationOption,
  type Responsibilities,
  type Seed,
} from "@emix/core";
import type { LoadedPoints } from "../loaded-points.ts";

/** Points for an engine: as callers have them, or loaded before. */
export type EnginePoints = PointsLike | LoadedPoints;

export interface JobControl {
  /** Stops the work; the run then rejects with ABORTED, and the engine goes on. */
  readonly signal?: AbortSignal;
  /** Hears of every step, perhaps several at a time. */
  readonly onStep?: (step: FitStep) => void;
}

export interface EngineFitOptions extends FitOptions, JobControl {
  /** n, finite and ≥ 0; default all 1 */
  readonly pointWeights?: ArrayLike<number>;
  /**
   * What a row without a finite number in every feature means: an error, or a row to leave out, of which a warning says
   * how many. Default "error".
   */
  readonly missing?: MissingOption;
}

/** What a fit gives. */
export interface FitResult extends Omit<Fitted, "mixture"> {
  readonly mixture: GaussianMixture;
}

export interface OnPoints extends JobControl {
  readonly points: EnginePoints;
  readonly pointWeights?: ArrayLike<number>;
}

/** How `load` takes points. */
export interface LoadPointsOptions {
  /** As of `fit`; results then have an entry for every row, −1 or NaN for those left out. Default "error". */
  readonly missing?: MissingOption;
}

export interface StartArguments extends OnPoints {
  readonly components: number;
  readonly seed?: Seed;
  readonly covarianceType?: CovarianceType;
  /** Default 0. */
  readonly regularization?: RegularizationOption;
}

export interface InitializeArguments extends StartArguments {
  /** Draws tried before giving up. Default 50. */
  readonly attempts?: number;
}

export interface EmArguments extends OnPoints {
  readonly mixture: GaussianMixture;
  /** EM iterations to take, exactly. */
  readonly steps: number;
  /** Default 0. */
  readonly regularization?: RegularizationOption;
}

export interface MixtureArguments extends OnPoints {
  readonly mixture: GaussianMixture;
}

export interface QArguments extends MixtureArguments {
  /** n × k, flat row-major or rows */
  readonly assignmentProbs: Responsibilities;
}

const ON_POINTS = ["points", "pointWeights", "signal", "onStep"];
/** What a start may be given, by name. */
export const START: readonly string[] = [...ON_POINTS, "components", "seed", "covarianceType", "regularization"];
/** What an evaluation may be given, by name. */
export const EVALUATION: readonly string[] = [...ON_POINTS, "mixture"];

/** @throws INVALID_OPTION */
export function requireControl({ signal, onStep }: { [K in keyof JobControl]: JobControl[K] | undefined }): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidOption("signal", "an AbortSignal", signal);
  if (onStep !== undefined && typeof onStep !== "function") throw invalidOption("onStep", "a function", onStep);
}
