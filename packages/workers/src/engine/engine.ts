import {
  expectedLogLikelihood,
  type FitOptions,
  type FitStep,
  featuresMismatch,
  fromPlainError,
  GaussianMixture,
  invalidOption,
  ofKeptRows,
  onlyKnown,
  openResponsibilities,
  type Quantity,
  requireInteger,
  requireRegularization,
  resolveFitOptions,
  type Tiles,
} from "@emix/core";
import { aborted, CancelFlag } from "../cancel.ts";
import { type LoadedPoints, loadPoints } from "../loaded-points.ts";
import { Run } from "../run.ts";
import {
  type EmArguments,
  type EngineFitOptions,
  type EnginePoints,
  EVALUATION,
  type FitResult,
  type InitializeArguments,
  type LoadPointsOptions,
  type MixtureArguments,
  type OnPoints,
  type QArguments,
  requireControl,
  START,
  type StartArguments,
} from "./arguments.ts";
import { type Backend, localBackend } from "./backend.ts";
import type { Job, JobKind, JobOf, JobResults } from "./job.ts";
import { Listener } from "./listener.ts";
import { type EngineOptions, type ResolvedEngineOptions, resolveEngineOptions } from "./options.ts";
import { remoteBackend } from "./remote-backend.ts";

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
  load(
    points: EnginePoints,
    pointWeights?: ArrayLike<number>,
    { missing }: LoadPointsOptions = {},
  ): Promise<LoadedPoints> {
    return loadPoints(points, pointWeights, this.memoryLimit, missing);
  }

  /** Fits a mixture; await the run for the result, iterate it for its steps. */
  fit(points: EnginePoints, options: EngineFitOptions): Run<FitStep, FitResult> {
    return new Run(async (tell) => {
      const { pointWeights, missing, signal, onStep, ...rest } = options ?? {};
      const job = { kind: "fit", options: resolveFitOptions(rest as FitOptions) } as const;
      const given = only({ pointWeights, missing, signal, onStep });
      const fitted = await this.#do(job, { points, ...given }, tell);
      return { ...fitted, mixture: new GaussianMixture(fitted.mixture) };
    });
  }

  /** The seed's `initialize`: plain k-means++ with real retries. */
  async initialize(given: InitializeArguments): Promise<GaussianMixture> {
    const { attempts = 50 } = onlyKnown(given, [...START, "attempts"]);
    requireInteger("attempts", attempts, 1);
    return this.#start(given, attempts);
  }

  /** The seed's `from_kmeans_plusplus`: one try. */
  async fromKmeansPlusPlus(given: StartArguments): Promise<GaussianMixture> {
    return this.#start(onlyKnown(given, START), null);
  }

  /** The seed's `fit_model_em`: exactly `steps` iterations. */
  async fitModelEm(given: EmArguments): Promise<GaussianMixture> {
    const { mixture, steps, regularization = 0 } = onlyKnown(given, [...EVALUATION, "steps", "regularization"]);
    requireInteger("steps", steps, 0);
    requireRegularization(regularization);
    const parameters = parametersOf(mixture);
    return new GaussianMixture(await this.#do({ kind: "em", mixture: parameters, steps, regularization }, given));
  }

  /** out: n × k responsibilities */
  async predictProba(given: MixtureArguments): Promise<Float64Array> {
    return (await this.#evaluate(given, "responsibilities")).responsibilities;
  }

  /** out: n, index of the most probable component */
  async predict(given: MixtureArguments): Promise<Int32Array> {
    return (await this.#evaluate(given, "labels")).labels;
  }

  /** out: n, log p(x) */
  async logProb(given: MixtureArguments): Promise<Float64Array> {
    return (await this.#evaluate(given, "logDensities")).logDensities;
  }

  /** Weighted mean of log p(x). */
  async score(given: MixtureArguments): Promise<number> {
    const { mixture } = onlyKnown(given, EVALUATION);
    return this.#do({ kind: "score", mixture: parametersOf(mixture) }, given);
  }

  /** Σ w Σ_c γ_c (log π_c + log N_c(x)) / Σ w, the seed's `get_q`. */
  async expectedLogLikelihood(given: QArguments): Promise<number> {
    const { assignmentProbs, ...rest } = onlyKnown(given, [...EVALUATION, "assignmentProbs"]);
    const { components } = parametersOf(rest.mixture);
    const points = await this.load(rest.points, rest.pointWeights);
    const { flat, components: columns } = openResponsibilities(assignmentProbs, points.tiles);
    if (columns !== components) throw invalidOption("assignmentProbs", `${components} numbers for each point`, columns);
    const { logJoint } = await this.#evaluate(
      { ...only({ signal: rest.signal }), mixture: rest.mixture, points },
      "logJoint",
    );
    const { tiles } = points;
    return expectedLogLikelihood(ofKeptRows(tiles, logJoint, components), flat, components, tiles.pointWeights);
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

  async #evaluate(given: MixtureArguments, quantity: Quantity): Promise<JobResults["evaluate"]> {
    const { mixture } = onlyKnown(given, EVALUATION);
    return this.#do({ kind: "evaluate", mixture: parametersOf(mixture), quantities: [quantity] }, given);
  }

  async #do<K extends JobKind>(
    job: JobOf<K> & { kind: K },
    { points, pointWeights, missing, signal, onStep }: OnPoints & LoadPointsOptions,
    tell?: (steps: readonly FitStep[]) => void,
  ): Promise<JobResults[K]> {
    requireControl({ signal, onStep });
    if (signal?.aborted) throw aborted(signal.reason);
    const cancel = new CancelFlag();
    const { tiles } = await this.load(points, pointWeights, only({ missing }));
    requireFitting(job, tiles);
    const listener = new Listener(onStep, cancel);
    const hear = (steps: readonly FitStep[]) => {
      tell?.(steps);
      listener.hear(steps);
    };
    const work = this.#backend.perform({ job, tiles, cancel: cancel.cell }, hear);
    const outcome = await orAborted(work, signal, cancel);
    if (listener.failed) throw listener.failure;
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
