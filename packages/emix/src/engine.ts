import { type ReadPointsOptions, readPoints } from "@emix/io";
import {
  allocatorUpTo,
  type EngineOptions,
  type EnginePoints,
  LoadedPoints,
  type LoadPointsOptions,
  resolveEngineOptions,
  Engine as WorkerEngine,
} from "@emix/workers";

/** Points for an engine, or the path of a CSV, Parquet or .npy file of them. */
export type PointsSource = EnginePoints | string;

/** How to read points from a file; see `emix fit --help`. */
export type LoadOptions = Omit<ReadPointsOptions, "allocate">;

/** An engine that also loads files. */
export class Engine extends WorkerEngine {
  /**
   * Brings points into shared memory, where they serve many fits.
   * @param source points, or the path of a file
   * @param given weights of points given as they are, or how to read a file
   * @param options of points given as they are: what rows with NaN or ±∞ mean
   */
  override async load(
    source: PointsSource,
    given?: ArrayLike<number> | LoadOptions,
    options?: LoadPointsOptions,
  ): Promise<LoadedPoints> {
    if (typeof source !== "string") return super.load(source, given as ArrayLike<number> | undefined, options);
    const allocate = allocatorUpTo(this.memoryLimit);
    const { tiles } = await readPoints(source, { ...(given as LoadOptions | undefined), allocate });
    return new LoadedPoints(tiles);
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
