import {
  areInMemory,
  invalidOption,
  nodesLength,
  openPoints,
  type PointSource,
  type PointsLike,
  rowsGiven,
  streamTiles,
  type Tiles,
  type TilesInMemory,
  type TilingOptions,
  withPauses,
  withWeights,
} from "@emix/core";
import { abortedWork, pointsDisposed } from "./errors.ts";
import { yieldToEvents } from "./pause.ts";
import { FileReader } from "./storage/file-reader.ts";
import type { TileFile } from "./storage/tile-file.ts";

/**
 * Points in shared memory, ready for any number of fits by any engine. Their memory is given back once nothing holds them;
 * `using` or `dispose` lets go of them at a place of your choice.
 */
export class LoadedPoints implements Disposable {
  #tiles: Tiles | null;

  /** @internal Use `load` or `loadFile` of an engine. */
  constructor(tiles: Tiles) {
    this.#tiles = tiles;
    fileOf(tiles)?.holdFor(this);
  }

  /** @internal @throws POINTS_DISPOSED */
  get tiles(): Tiles {
    if (this.#tiles === null) throw pointsDisposed();
    return this.#tiles;
  }

  /** Lets go of the points. Work that is under way with them goes on; later work with them throws POINTS_DISPOSED. */
  dispose(): void {
    if (this.#tiles === null) return;
    fileOf(this.#tiles)?.letGoFor(this);
    this.#tiles = null;
  }

  /** As `dispose`, at the end of a block with `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** n, the number of points that were kept */
  get count(): number {
    return this.tiles.count;
  }

  /** d */
  get features(): number {
    return this.tiles.features;
  }

  /** how many rows were given; results have one entry for each */
  get rows(): number {
    return rowsGiven(this.tiles);
  }

  /** how many rows `missing: "drop"` left out */
  get dropped(): number {
    return this.rows - this.count;
  }

  /** Where their coordinates are. */
  get storage(): "memory" | "file" {
    return areInMemory(this.tiles) ? "memory" : "file";
  }

  /** how many bytes of shared memory they take; of points in a file, without the coordinates */
  get bytes(): number {
    const { data, pointWeights, dropped, order, nodes } = this.tiles;
    const arrays = [pointWeights, dropped, order, ArrayBuffer.isView(data) ? data : null];
    const ofNodes = nodes === undefined ? 0 : 8 * nodesLength(this.tiles);
    return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), ofNodes);
  }
}

/** The points of a file. */
export class LoadedFile extends LoadedPoints {
  /** The features, d: names of columns, or name=SQL, as the option `columns` of `loadFile` takes them. */
  readonly columns: readonly string[];

  /** @internal Use `loadFile` of an engine. */
  constructor(tiles: Tiles, columns: readonly string[]) {
    super(tiles);
    this.columns = columns;
  }
}

/** The file in which points lie; undefined for points in memory. */
export function fileOf({ data }: Pick<Tiles, "data">): TileFile | undefined {
  return data instanceof FileReader ? data.file : undefined;
}

/** How points are loaded. */
export interface LoadSetting extends TilingOptions {
  readonly allocate: (bytes: number) => SharedArrayBuffer;
  readonly signal?: AbortSignal | undefined;
}

/** Tiles a source into shared memory, about a millisecond of work at a time. @throws as `loadPoints`, and what it throws */
export function loadTiles(source: PointSource, { signal, ...options }: LoadSetting): Promise<TilesInMemory> {
  return streamTiles(source, options, () => pause(signal));
}

export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await yieldToEvents();
  if (signal?.aborted) throw abortedWork(signal.reason);
}

/**
 * Tiles points into shared memory, about a millisecond of work at a time.
 * @throws INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, INVALID_OPTION,
 * ALLOCATION_FAILED, ABORTED
 */
export async function loadPoints(points: PointsLike | LoadedPoints, setting: LoadSetting): Promise<LoadedPoints> {
  const { missing, pointWeights, allocate, signal } = setting;
  if (points instanceof LoadedPoints && missing !== undefined) {
    throw invalidOption("missing", "left out for points that are loaded; give it to the call that loads them", missing);
  }
  if (!(points instanceof LoadedPoints)) {
    return new LoadedPoints(await loadTiles(openPoints(points), setting));
  }
  if (pointWeights === undefined) return points;
  const weighing = withWeights(points.tiles, pointWeights, allocate);
  return new LoadedPoints(await withPauses(weighing, () => pause(signal)));
}
