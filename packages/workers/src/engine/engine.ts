import {
  type CovarianceType,
  expectedLogLikelihood,
  type FitOptions,
  type FitStep,
  type Fitted,
  featuresMismatch,
  fromPlainError,
  GaussianMixture,
  invalidOption,
  type PointsLike,
  type RegularizationOption,
  requireInteger,
  resolveFitOptions,
  type Seed,
  type Tiles,
} from "@emix/core";
import { aborted, CancelFlag } from "../cancel.ts";
import { type LoadedPoints, loadPoints } from "../loaded-points.ts";
import { Run } from "../run.ts";
import { type Backend, localBackend } from "./backend.ts";
import type { Job, JobKind, JobOf, JobResults } from "./job.ts";
import { type EngineOptions, type ResolvedEngineOptions, resolveEngineOptions } from "./options.ts";
import { remoteBackend } from "./remote-backend.ts";

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
}

/** What a fit gives. */
export interface FitResult extends Omit<Fitted, "mixture"> {
  readonly mixture: GaussianMixture;
}

interface OnPoints extends JobControl {
  readonly points: EnginePoints;
  readonly pointWeights?: ArrayLike<number>;
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
  /** n × k */
  readonly assignmentProbs: ArrayLike<number>;
}

/**
 * Fits and evaluates mixtures on all cores. Points may be given as they are or loaded once with `load`. Every method
 * rejects with an EmixError: what it says of its input, or ABORTED, ENGINE_CLOSED, ENGINE_LOST, WORKER_LOST.
 */
export class Engine {
  readonly threads: number;
  readonly #backend: Backend;
  /** bytes */
  readonly memoryLimit: number;

  /** Use `createEngine`. */
  constructor(options: ResolvedEngineOptions) {
    const { threads, kernel, strict, workerUrl, offThread, memoryLimit } = options;
    const setUp = { threads, kernel, strict, ...(workerUrl !== undefined && { workerUrl }) };
    this.threads = threads;
    this.memoryLimit = memoryLimit;
    this.#backend = offThread ? remoteBackend(setUp) : localBackend(setUp);
  }

  /** Copies points into shared memory, where they serve many fits. */
  load(points: EnginePoints, pointWeights?: ArrayLike<number>): Promise<LoadedPoints> {
    return loadPoints(points, pointWeights, this.memoryLimit);
  }

  /** Fits a mixture; await the run for the result, iterate it for its steps. */
  fit(points: EnginePoints, options: EngineFitOptions): Run<FitStep, FitResult> {
    return new Run(async (tell) => {
      const { pointWeights, signal, onStep, ...rest } = options ?? {};
      const job = { kind: "fit", options: resolveFitOptions(rest as FitOptions) } as const;
      const fitted = await this.#do(job, { points, ...only({ pointWeights, signal, onStep }) }, tell);
      return { ...fitted, mixture: new GaussianMixture(fitted.mixture) };
    });
  }

  /** The seed's `initialize`: plain k-means++ with real retries. */
  initialize(given: InitializeArguments): Promise<GaussianMixture> {
    const { attempts = 50 } = given;
    requireInteger("attempts", attempts, 1);
    return this.#start(given, attempts);
  }

  /** The seed's `from_kmeans_plusplus`: one try. */
  fromKmeansPlusPlus(given: StartArguments): Promise<GaussianMixture> {
    return this.#start(given, null);
  }

  /** The seed's `fit_model_em`: exactly `steps` iterations. */
  async fitModelEm(given: EmArguments): Promise<GaussianMixture> {
    const { mixture, steps, regularization = 0 } = given;
    requireInteger("steps", steps, 0);
    const parameters = parametersOf(mixture);
    return new GaussianMixture(await this.#do({ kind: "em", mixture: parameters, steps, regularization }, given));
  }

  /** out: n × k responsibilities */
  async predictProba(given: MixtureArguments): Promise<Float64Array> {
    const job = { kind: "evaluate", mixture: parametersOf(given.mixture), quantities: ["responsibilities"] } as const;
    return (await this.#do(job, given)).responsibilities;
  }

  /** out: n, index of the most probable component */
  async predict(given: MixtureArguments): Promise<Int32Array> {
    const job = { kind: "evaluate", mixture: parametersOf(given.mixture), quantities: ["labels"] } as const;
    return (await this.#do(job, given)).labels;
  }

  /** out: n, log p(x) */
  async logProb(given: MixtureArguments): Promise<Float64Array> {
    const job = { kind: "evaluate", mixture: parametersOf(given.mixture), quantities: ["logDensities"] } as const;
    return (await this.#do(job, given)).logDensities;
  }

  /** Weighted mean of log p(x). */
  score(given: MixtureArguments): Promise<number> {
    return this.#do({ kind: "score", mixture: parametersOf(given.mixture) }, given);
  }

  /** Σ w Σ_c γ_c (log π_c + log N_c(x)) / Σ w, the seed's `get_q`. */
  async expectedLogLikelihood(given: QArguments): Promise<number> {
    const { points, pointWeights, signal, mixture, assignmentProbs } = given;
    const loaded = await this.load(points, pointWeights);
    const expected = loaded.count * mixture.components;
    if (assignmentProbs.length !== expected) {
      throw invalidOption("assignmentProbs", `${expected} numbers, points × components`, assignmentProbs.length);
    }
    const job = { kind: "evaluate", mixture: parametersOf(mixture), quantities: ["logJoint"] } as const;
    const { logJoint } = await this.#do(job, { points: loaded, ...only({ signal }) });
    return expectedLogLikelihood(logJoint, assignmentProbs, mixture.components, loaded.tiles.pointWeights);
  }

  /** False once the engine was closed or its thread was lost. */
  get usable(): boolean {
    return this.#backend.usable;
  }

  /** Ends the engine; work under way rejects with ENGINE_CLOSED. */
  async close(): Promise<void> {
    if (this.usable) await this.#backend.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(given: StartArguments, attempts: number | null): Promise<GaussianMixture> {
    const { components, seed, covarianceType, regularization = 0 } = given;
    const checked = resolveFitOptions(only({ components, seed, covarianceType, regularization }) as FitOptions);
    const job = { kind: "start", attempts, ...checked } as const;
    return new GaussianMixture(await this.#do(job, given));
  }

  async #do<K extends JobKind>(
    job: JobOf<K> & { kind: K },
    { points, pointWeights, signal, onStep }: OnPoints,
    tell?: (steps: readonly FitStep[]) => void,
  ): Promise<JobResults[K]> {
    if (signal?.aborted) throw aborted(signal.reason);
    const cancel = new CancelFlag();
    const { tiles } = await this.load(points, pointWeights);
    requireFitting(job, tiles);
    const hear = (steps: readonly FitStep[]) => {
      tell?.(steps);
      if (onStep !== undefined) for (const step of steps) onStep(step);
    };
    const work = this.#backend.perform({ job, tiles, cancel: cancel.cell }, hear);
    const outcome = await orAborted(work, signal, cancel);
    if (outcome.ok) return outcome.value as JobResults[K];
    throw fromPlainError(outcome.error);
  }
}

/** A job that these points cannot be asked. @throws FEATURES_MISMATCH, INVALID_OPTION */
function requireFitting(job: Job, { dtype, features }: Tiles): void {
  if ("mixture" in job && job.mixture.features !== features) throw featuresMismatch(job.mixture.features, features);
  if (job.kind === "fit" && job.options.compute === "f32" && dtype !== "f32") {
    throw invalidOption("compute", '"f64" for points stored as f64', "f32");
  }
}

/** Starts an engine. @throws UNKNOWN_OPTION, INVALID_OPTION */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return new Engine(resolveEngineOptions(options));
}

/** Rejects as soon as the signal fires; the work itself ends at its next block. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, cancel: CancelFlag): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel.set();
      reject(aborted(signal.reason));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function parametersOf(mixture: GaussianMixture) {
  if (mixture instanceof GaussianMixture) return mixture.parameters;
  throw invalidOption("mixture", "a GaussianMixture", mixture);
}

/** Leaves out what is undefined. */
function only<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
