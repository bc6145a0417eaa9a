import {
  type FitOptions,
  type FitPlan,
  type GaussianMixture,
  type PlanShape,
  planFit,
  resolveFitOptions,
  streamTiles,
} from "@emix/core";
import { type FileOptions, openFile } from "@emix/io";
import {
  allocatorUpTo,
  type EmOptions,
  type EmStep,
  type EngineOptions,
  type EnginePoints,
  type InitializeOptions,
  LoadedFile,
  resolveEngineOptions,
  Engine as WorkerEngine,
} from "@emix/workers";

import { type Selection, type SelectOptions, selectModel } from "./selection.ts";

export interface VerboseOption {
  /** true: prints what happens to standard error. Default false. */
  readonly verbose?: boolean;
}

/** An engine that also reads files, and prints what it is asked to. */
export class Engine extends WorkerEngine {
  /**
   * Brings the points of a CSV, Parquet or .npy file into shared memory, where they serve many fits. No more than a few
   * megabytes of the file are held beside them.
   * Rejects with FILE_NOT_FOUND, UNKNOWN_FORMAT, BAD_FILE, EMPTY_DATA, UNKNOWN_COLUMN, NON_FINITE_POINT, INVALID_WEIGHT,
   * ZERO_TOTAL_WEIGHT, OVERFLOW, ALLOCATION_FAILED, INVALID_OPTION, UNKNOWN_OPTION.
   */
  async loadFile(path: string, options: FileOptions = {}): Promise<LoadedFile> {
    const file = await openFile(path, options);
    try {
      const tiles = await streamTiles(file, { missing: options.missing, allocate: allocatorUpTo(this.memoryLimit) });
      return new LoadedFile(tiles, file.columns);
    } finally {
      await file.close();
    }
  }

  /**
   * Fits every number of components with every covariance type, and gives the best by BIC, AIC or ICL with a table of all.
   * Rejects as `fit`; a model that fails by its numbers is a row of the table, unless all do.
   */
  select(points: EnginePoints, options: SelectOptions): Promise<Selection> {
    return selectModel(this, points, options);
  }

  /** What a fit of so many points will take, in memory and time. Nothing is read, allocated or run. */
  plan(shape: PlanShape, options: FitOptions): FitPlan {
    return planFit(shape, resolveFitOptions(options), this.threads);
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
