import { invalidOption, type MissingOption, type PointsLike, type Tiles, tileInChunks, withWeights } from "@emix/core";
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

  /** n */
  get count(): number {
    return this.tiles.count;
  }

  /** d */
  get features(): number {
    return this.tiles.features;
  }

  /** rows that lack a coordinate: they weigh nothing */
  get skipped(): number {
    return this.tiles.skipped;
  }

  /** bytes of shared memory */
  get bytes(): number {
    return this.tiles.data.byteLength + (this.tiles.pointWeights?.byteLength ?? 0);
  }
}

/**
 * Tiles points into shared memory, a millisecond at a time.
 * @throws INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, INVALID_OPTION,
 * ALLOCATION_FAILED
 */
export async function loadPoints(
  points: PointsLike | LoadedPoints,
  pointWeights: ArrayLike<number> | undefined,
  memoryLimit: number,
  missing?: MissingOption,
): Promise<LoadedPoints> {
  if (points instanceof LoadedPoints) {
    return pointWeights === undefined ? points : reweighted(points, pointWeights, memoryLimit);
  }
  const tiling = tileInChunks(points, pointWeights, allocatorUpTo(memoryLimit), missing);
  for (;;) {
    const step = tiling.next();
    if (step.done) return new LoadedPoints(step.value);
    await yieldToEvents();
  }
}

/** The same points with other weights: the coordinates are shared. */
function reweighted(points: LoadedPoints, pointWeights: ArrayLike<number>, memoryLimit: number): LoadedPoints {
  if (points.skipped > 0)
    throw invalidOption(
      "pointWeights",
      "given when these points were loaded, for some of them were skipped",
      pointWeights,
    );
  return new LoadedPoints(withWeights(points.tiles, pointWeights, allocatorUpTo(memoryLimit)));
}

/** Shared memory up to a limit, with a typed error where it ends. */
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
