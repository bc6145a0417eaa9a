import {
  checkOptions,
  type FitOptions,
  type FitPlan,
  type GaussianMixture,
  onlyKnown,
  type PlanShape,
  planFit,
  requirePlainObject,
  resolveFitOptions,
  rowsGiven,
  type Transform,
  transformedSource,
} from "@emix/core";
import { FILE_OPTIONS, type FileOptions, openFile, type ReadStep } from "@emix/io";
import {
  type EmOptions,
  type EmStep,
  type EngineOptions,
  type EnginePoints,
  type InitializeOptions,
  LoadedPoints,
  Run,
  requireStorage,
  resolveEngineOptions,
  type SignalOption,
  type StorageOption,
  Engine as WorkerEngine,
} from "@emix/workers";
import { LoadedFile } from "./loaded-file.ts";

import { isSavedPoints, requireSavedOptions, requireSavedPath, savedBeside, savedFile } from "./saved-points.ts";
import type { Selection } from "./selection/search.ts";
import { type SelectOptions, selectModel } from "./selection/selection.ts";

/** What is printed on the way. */
export interface VerboseOption {
  /** true: prints progress to standard error. Default false. */
  readonly verbose?: boolean;
}

/** How `loadFile` reads a file. */
export interface LoadFileOptions extends FileOptions, StorageOption {
  /** What happens to each column before its numbers are points, d; as a model has it. Default: nothing. */
  readonly transforms?: readonly Transform[];
}

/** Options of `save`. */
export interface SaveOptions extends SignalOption {
  /** The file to write; its name ends in .tiles. */
  readonly path: string;
}

/** An engine that can also read files and print progress. */
export class Engine extends WorkerEngine {
  /**
   * Loads the points of a file into shared memory, where they can serve many fits: CSV and other text, ndjson, Parquet,
   * Arrow, .npy or .npz; text may be compressed (.gz, .zst). Besides the points, no more than some megabytes of the file
   * are in memory. `reading` says what was read. Await the run for the points, or iterate it for how far reading has come.
   * Points that `save` wrote (.tiles) are checked and stay in their file, unless `storage` says otherwise.
   * @param path a file; a pattern such as data/*.csv, or an array of paths, for files with the same columns
   * Rejects with FILE_NOT_FOUND, UNKNOWN_FORMAT, AMBIGUOUS_FILE, BAD_FILE, EMPTY_DATA, UNKNOWN_COLUMN, NON_FINITE_POINT,
   * INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, OVERFLOW, ALLOCATION_FAILED, STORAGE_FAILED, INVALID_OPTION, UNKNOWN_OPTION or ABORTED.
   */
  loadFile(path: string | readonly string[], options: LoadFileOptions = {}): Run<ReadStep, LoadedFile> {
    return new Run(async (tell) => {
      requirePlainObject("options", options);
      const { transforms, storage, ...rest } = options;
      if (storage !== undefined) requireStorage(storage);
      const { onProgress, ...given } = checkOptions(FILE_OPTIONS, rest);
      const hear = (step: ReadStep) => {
        tell([step]);
        onProgress?.(step);
      };
      if (isSavedPoints(path)) return this.#loadSaved(path, options, hear);
      const file = await openFile(path, { ...given, onProgress: hear });
      try {
        const { missing, signal } = given;
        const tiles = await this.loadSource(transformedSource(file, transforms), {
          ...(missing && { missing }),
          ...(signal && { signal }),
          ...(storage && { storage }),
        });
        const rows = rowsGiven(tiles);
        return new LoadedFile(tiles, file.columns, file.reading(rows, rows - tiles.count));
      } finally {
        await file.close();
      }
    });
  }

  /**
   * Saves points as they are stored, in a file that `loadFile` opens at once, any number of times and from any number of
   * processes. It takes the place of one that is there once it is whole.
   * Rejects with INVALID_OPTION, UNKNOWN_OPTION, STORAGE_FAILED, ABORTED, and as `load` does.
   */
  async save(points: EnginePoints, options: SaveOptions): Promise<void> {
    const { path, signal } = onlyKnown(options, ["path", "signal"]);
    requireSavedPath(path);
    const loaded = points instanceof LoadedPoints ? points : await this.load(points, { ...(signal && { signal }) });
    await this.saveAs(loaded, { path, ...savedBeside(loaded), ...(signal && { signal }) });
  }

  async #loadSaved(path: string, options: LoadFileOptions, hear: (step: ReadStep) => void): Promise<LoadedFile> {
    requireSavedOptions(path, options);
    const { signal, storage, columns, transforms } = options;
    const onChecked = (fraction: number) => hear({ fraction });
    const watching = { onChecked, ...(signal && { signal }), ...(storage && { storage }) };
    const file = await this.openSaved(path, watching, (saved) => savedFile(path, saved, columns));
    if (transforms === undefined) return file;
    const { tiles } = await this.transform(file, transforms);
    file.dispose();
    return new LoadedFile(tiles, file.columns, file.reading);
  }

  /**
   * Fits every number of components with every covariance type, and gives the best by BIC, AIC or ICL with a table of all.
   * Rejects as `fit`; a model that fails by its numbers is a row of the table, unless all do.
   */
  select(points: EnginePoints, options: SelectOptions): Promise<Selection> {
    return selectModel(this, points, options);
  }

  /** How much memory and time a fit of points of this shape will take. Nothing is read, allocated or run. */
  plan(shape: PlanShape, options: FitOptions): FitPlan {
    return planFit(shape, resolveFitOptions(options), this.threads);
  }

  /** OTT-JAX's `initialize`: a start by k-means++, drawn again while a component collapses. `verbose` prints a line. */
  override async initialize(
    points: EnginePoints,
    options: InitializeOptions & VerboseOption,
  ): Promise<GaussianMixture> {
    const { verbose = false, ...rest } = options ?? {};
    const mixture = await super.initialize(points, rest);
    if (verbose) process.stderr.write(`initialized ${mixture.components} components\n`);
    return mixture;
  }

  /**
   * OTT-JAX's `fit_model_em`: takes exactly `steps` EM steps. `verbose` prints Q and the loss of each to standard
   * error.
   */
  override fitModelEm(points: EnginePoints, options: EmOptions): Promise<GaussianMixture> {
    if (!options?.verbose) return super.fitModelEm(points, options);
    const onStep = (step: EmStep) => {
      process.stderr.write(`step ${step.iteration}: q ${step.q}, loss ${step.loss}\n`);
      options.onStep?.(step);
    };
    return super.fitModelEm(points, { ...options, onStep });
  }
}

/** Starts an engine, with its threads. Rejects with UNKNOWN_OPTION, INVALID_OPTION, THREAD_NOT_STARTED or WORKER_LOST. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return openEngine(options).ready();
}

/** An engine whose threads start when they are first needed. @throws UNKNOWN_OPTION, INVALID_OPTION, THREAD_NOT_STARTED */
export function openEngine(options: EngineOptions): Engine {
  return new Engine(resolveEngineOptions(options));
}

const engines = new Map<number, Engine>();

/** The engine behind the functions of the package: one for each number of threads, made when it is first needed. */
export function sharedEngine(threads?: number): Engine {
  const options = resolveEngineOptions(threads === undefined ? {} : { threads });
  let engine = engines.get(options.threads);
  if (engine === undefined || !engine.usable) {
    engine = new Engine(options);
    engines.set(options.threads, engine);
  }
  return engine;
}
