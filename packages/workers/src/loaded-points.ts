import {
  invalidOption,
  type MissingOption,
  openPoints,
  type PointsLike,
  rowsGiven,
  streamTiles,
  type Tiles,
  withWeights,
} from "@emix/core";
import { allocationFailed } from "./errors.ts";
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
    const { data, pointWeights, dropped } = this.tiles;
    return data.byteLength + (pointWeights?.byteLength ?? 0) + (dropped?.byteLength ?? 0);
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

/**
 * Tiles points into shared memory, about a millisecond of work at a time.
 * @throws INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, INVALID_OPTION,
 * ALLOCATION_FAILED
 */
export async function loadPoints(
  points: PointsLike | LoadedPoints,
  pointWeights: ArrayLike<number> | undefined,
  allocate: (bytes: number) => SharedArrayBuffer,
  missing?: MissingOption,
): Promise<LoadedPoints> {
  if (points instanceof LoadedPoints && missing !== undefined) {
    throw invalidOption("missing", "left out for points that are loaded; give it to the call that loads them", missing);
  }
  if (!(points instanceof LoadedPoints)) {
    return new LoadedPoints(await streamTiles(openPoints(points), { missing, pointWeights, allocate }, yieldToEvents));
  }
  return pointWeights === undefined ? points : new LoadedPoints(withWeights(points.tiles, pointWeights, allocate));
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
