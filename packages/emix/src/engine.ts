import type { GaussianMixture } from "@emix/core";
import { type ReadPointsOptions, readPoints } from "@emix/io";
import {
  allocatorUpTo,
  type EmOptions,
  type EmStep,
  type EngineOptions,
  type EnginePoints,
  type InitializeOptions,
  LoadedPoints,
  resolveEngineOptions,
  Engine as WorkerEngine,
} from "@emix/workers";

/** How to read points from a file; see `emix fit --help`. */
export type LoadFileOptions = Omit<ReadPointsOptions, "allocate">;

export interface VerboseOption {
  /** true: prints what happens to standard error. Default false. */
  readonly verbose?: boolean;
}

/** An engine that also reads files, and prints what it is asked to. */
export class Engine extends WorkerEngine {
  /** Reads points from a CSV, Parquet or .npy file into shared memory, where they serve many calls. */
  async loadFile(path: string, options: LoadFileOptions = {}): Promise<LoadedPoints> {
    const { tiles } = await readPoints(path, { ...options, allocate: allocatorUpTo(this.memoryLimit) });
    return new LoadedPoints(tiles);
  }

  /** OTT-JAX's `initialize`: a start by k-means++, drawn again while a component collapses. */
  override async initialize(
    points: EnginePoints,
    options: InitializeOptions & VerboseOption,
  ): Promise<GaussianMixture> {
    const { verbose = false, ...rest } = options ?? {};
    const mixture = await super.initialize(points, rest);
    if (verbose) process.stderr.write(`initialized ${mixture.components} components\n`);
    return mixture;
  }

  /** OTT-JAX's `fit_model_em`: exactly `steps` EM steps. `verbose` prints Q and the loss of each to standard error. */
  override fitModelEm(points: EnginePoints, options: EmOptions): Promise<GaussianMixture> {
    if (!options?.verbose) return super.fitModelEm(points, options);
    const onStep = (step: EmStep) => {
      process.stderr.write(`step ${step.iteration}: q ${step.q}, loss ${step.loss}\n`);
      options.onStep?.(step);
    };
    return super.fitModelEm(points, { ...options, onStep });
  }
}

/** Starts an engine. @throws UNKNOWN_OPTION, INVALID_OPTION */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return new Engine(resolveEngineOptions(options));
}

const engines = new Map<number, Engine>();

/** The engine behind the functions of the package: one for each number of threads, made when first needed. */
export function sharedEngine(threads?: number): Engine {
  const options = resolveEngineOptions(threads === undefined ? {} : { threads });
  let engine = engines.get(options.threads);
  if (engine === undefined || !engine.usable) {
    engine = new Engine(options);
    engines.set(options.threads, engine);
  }
  return engine;
}
