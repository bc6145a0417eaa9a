import {
  invalidOption,
  openPoints,
  type PointSource,
  type PointsLike,
  rowsGiven,
  streamTiles,
  type Tiles,
  type TilingOptions,
  withPauses,
  withWeights,
} from "@emix/core";
import { aborted, allocationFailed } from "./errors.ts";
import { yieldToEvents } from "./pause.ts";

/** Points in shared memory, ready for any number of fits by any engine. */
export class LoadedPoints {
  /** @internal */
  readonly tiles: Tiles;

  /** @internal Use `load` or `loadFile` of an engine. */
  constructor(tiles: Tiles) {
    this.tiles = tiles;
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

  /** how many bytes of shared memory they take */
  get bytes(): number {
    const { data, pointWeights, dropped, order } = this.tiles;
    return [pointWeights, dropped, order].reduce((sum, array) => sum + (array?.byteLength ?? 0), data.byteLength);
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

/** How points are loaded. */
export interface LoadSetting extends TilingOptions {
  readonly allocate: (bytes: number) => SharedArrayBuffer;
  readonly signal?: AbortSignal | undefined;
}

/** Tiles a source into shared memory, about a millisecond of work at a time. @throws as `loadPoints`, and what it throws */
export function loadTiles(source: PointSource, { signal, ...options }: LoadSetting): Promise<Tiles> {
  return streamTiles(source, options, () => pause(signal));
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await yieldToEvents();
  if (signal?.aborted) throw aborted(signal.reason);
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

/** Allocates shared memory up to a limit. @throws ALLOCATION_FAILED */
export function allocatorUpTo(limit: number): (bytes: number) => SharedArrayBuffer {
  let used = 0;
  return (bytes) => {
    used += bytes;
    if (used > limit) throw allocationFailed(used, `the engine's memoryLimit is ${limit}`);
    try {
      return new SharedArrayBuffer(bytes);
    } catch (error) {
      throw allocationFailed(used, error instanceof Error ? error.message : String(error));
    }
  };
}
