import { rowsGiven, streamTiles } from "@emix/core";
import { type FileOptions, openFile } from "@emix/io";
import { allocatorUpTo, type EngineOptions, resolveEngineOptions, Engine as WorkerEngine } from "@emix/workers";
import { LoadedFile } from "./loaded-file.ts";

/** An engine that also loads files. */
export class Engine extends WorkerEngine {
  /**
   * Brings the points of a file into shared memory, where they serve many fits: text such as CSV, ndjson, Parquet, Arrow,
   * .npy or .npz; text may be compressed (.gz, .zst). No more than some megabytes of the file are held beside them. What
   * it read is in `reading`.
   * @param path a file; a pattern such as data/*.csv, or an array of paths, for files with the same columns
   * Rejects with FILE_NOT_FOUND, UNKNOWN_FORMAT, AMBIGUOUS_FILE, BAD_FILE, EMPTY_DATA, UNKNOWN_COLUMN, NON_FINITE_POINT,
   * INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, OVERFLOW, ALLOCATION_FAILED, INVALID_OPTION, UNKNOWN_OPTION, ABORTED.
   */
  async loadFile(path: string | readonly string[], options: FileOptions = {}): Promise<LoadedFile> {
    const file = await openFile(path, options);
    try {
      const tiles = await streamTiles(file, { missing: options.missing, allocate: allocatorUpTo(this.memoryLimit) });
      const rows = rowsGiven(tiles);
      return new LoadedFile(tiles, file.columns, file.reading(rows, rows - tiles.count));
    } finally {
      await file.close();
    }
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
