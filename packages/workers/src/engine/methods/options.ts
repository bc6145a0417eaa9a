import type {
  CovarianceType,
  Dtype,
  FitOptions,
  FitStep,
  FittedStart,
  GaussianMixture,
  MissingOption,
  OutputOptions,
  PointsLike,
  PointWeightsOption,
  RegularizationOption,
  Seed,
  UsedKernel,
  Warning,
} from "@emix/core";
import type { CancelFlag } from "../../cancel.ts";
import type { CheckpointOption } from "../../checkpoint/option.ts";
import type { LoadedPoints } from "../../loaded-points.ts";
import type { MaximizeOptions, MixtureStatistics } from "../../questions/mixture-statistics.ts";

// The options that methods of an engine take besides points, and the result of a fit.

/** Points as callers have them, or loaded. Up to 4 MB are copied at once; a larger array must stay as it is until the answer. */
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

/** Where points are kept. */
export interface StorageOption {
  /**
   * Where coordinates are kept: "memory"; "file", a file without a name in the engine's `storageFolder`, which threads read
   * some at a time; or "auto", which is "file" where memory does not suffice. Weights and the order of the points stay in
   * memory. It changes no bit of a result. Default "memory".
   */
  readonly storage?: "memory" | "file" | "auto";
}

/** Options of `load`. */
export interface LoadOptions extends PointWeightsOption, MissingRowsOption {}

/** What `receive` must know of points beforehand. Pieces go where the points will be. */
export interface ReceiveOptions extends StorageOption {
  /** d */
  readonly features: number;
  /** How numbers are stored, and what bytes mean. Default "f64". */
  readonly dtype?: Dtype;
  /** n, if it is known: memory that cannot be had is then refused at once. */
  readonly rows?: number;
}

/** Options of `load` for points that come as a stream. */
export interface StreamOptions extends LoadOptions, SignalOption, ReceiveOptions {}

/** Options of an engine's `fit`. */
export interface EngineFitOptions extends FitOptions, LoadOptions, StorageOption, SignalOption, TurnOption {
  /**
   * Called after each iteration, perhaps several times in a row; iterations on a part of the points carry its size
   * (`part`). If it answers "stop", the fit ends with the best mixture so far and `converged: false`; if it throws or
   * rejects, so does the fit. The fit ends once all promises that it gave are settled, or the engine is closed.
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

/** Options of `resume`. The options of the fit, and its `checkpoint`, are those that it began with. */
export interface ResumeOptions
  extends LoadOptions,
    StorageOption,
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
  /**
   * The kernel of the passes over all points, and whether it fused products and sums. Beside points, options and the version of
   * emix, the bits of the result depend on nothing else (`"simd"` and `"simd256"` have the same).
   */
  readonly kernel: UsedKernel;
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
export interface MixtureOptions extends SignalOption, TurnOption {
  /** the mixture to ask */
  readonly mixture: GaussianMixture;
  /**
   * What happens to a row without a finite number in every feature: "error"; "drop" to leave it out, with the label −1 and
   * NaN elsewhere; or "marginal" to ask the mixture of the features that the row has. Default "error".
   */
  readonly missing?: MissingOption | "marginal";
}

/** Options of `evaluate`: the outputs that are to be given, and one at least. */
export interface EvaluateOptions extends MixtureOptions, OutputOptions {}

/** Options of methods that compute one number for all points. */
export interface CriterionOptions extends LoadOptions, SignalOption, TurnOption {
  /** the mixture to judge */
  readonly mixture: GaussianMixture;
}

/** Options of `update`. */
export interface UpdateOptions extends LoadOptions, SignalOption, TurnOption, MaximizeOptions {
  /** what is known so far */
  readonly statistics: MixtureStatistics;
  /**
   * ρ, above 0 and at most 1: how much the new points count. It decides the result, so there is no default. With
   * ρ = (t + 1)^−κ in update t = 1, 2, … and κ in (½, 1], the mixture settles; a fixed ρ forgets what is old.
   */
  readonly rate: number;
}

/** Options of a call besides its job. */
export interface CallOptions extends LoadOptions, StorageOption, SignalOption, TurnOption {
  readonly onStep?: (step: EmStep) => unknown;
  /** stops and pauses the job; default: one of its own */
  readonly flag?: CancelFlag;
}
