import type { KernelShape } from "../../kernels/kernel.ts";
import { MOST_UNLISTED, type PairLists } from "../../kernels/pair-lists.ts";
import { lowerHeights, positionLength } from "../../kernels/position-numbers.ts";
import { type Standing, type StandingShape, standingBytes, standingIn } from "../../passes/components/movers.ts";
import { expectationWork } from "../../passes/work.ts";

/** Memory of lists that all threads reach. */
export interface ListMemory extends Pick<PairLists, "counts" | "components" | "capacity" | "references" | "floors"> {
  readonly standing: Standing;
}

/** What lists may take of what the points take. */
const SHARE = 1 / 4;
const LEAST_CAPACITY = 16;
/**
 * With thousands of components, a list may hold `MOST_UNLISTED` of them in any case, up to a limit: few features need long
 * lists. Beyond the limit too, as far as all lists take no more than so many bytes.
 */
const MOST_LEAST = 1024;
const LONGER_BYTES = 32 * 2 ** 20;
const LEAST_COMPONENTS = 4;
const LEAST_WORK = 2 ** 22;
/** Of one tile: below, keeping a list costs too large a part of what it might save. */
const LEAST_TILE_WORK = 2 ** 15;

/** A list that would leave out a smaller share of the pairs is not kept: by tiles, few features cost more. */
const leastLeftOut = (features: number): number => 1 / 8 + 3 / (4 * features);

/** How the memory is divided; null: there are no lists. A rule of shapes alone. */
export interface ListPlan {
  readonly tiles: number;
  readonly tileSize: number;
  /** components that a list may have */
  readonly capacity: number;
  readonly shape: KernelShape;
  readonly bytes: number;
}

export function planLists(count: number, shape: KernelShape): ListPlan | null {
  const { components, features, dtype, tileSize } = shape;
  if (components < LEAST_COMPONENTS || expectationWork(count, shape) < LEAST_WORK) return null;
  if (expectationWork(tileSize, shape) < LEAST_TILE_WORK) return null;
  const room = Math.floor((SHARE * tileSize * features * (dtype === "f64" ? 8 : 4)) / 4);
  const tiles = Math.ceil(count / tileSize);
  const most = Math.max(MOST_LEAST, LONGER_BYTES / (4 * tiles));
  const least = Math.max(LEAST_CAPACITY, Math.min(MOST_UNLISTED * components, most));
  const capacity = Math.floor(Math.min((1 - leastLeftOut(features)) * components, Math.max(room, least)));
  const bytes = standingBytes(shape) + 8 + 4 * tiles * (2 + tileSize + capacity);
  return { tiles, tileSize, capacity, shape, bytes };
}

/** in: at, where in the memory they begin */
export function placesIn(
  memory: ArrayBufferLike,
  { tiles, tileSize, capacity, shape }: ListPlan,
  at: number,
): ListMemory {
  const counts = at + 8 * Math.ceil(standingBytes(shape) / 8);
  const floors = counts + 4 * tiles;
  const references = floors + 4 * tiles;
  const components = references + 4 * tiles * tileSize;
  return {
    counts: new Int32Array(memory, counts, tiles),
    floors: new Float32Array(memory, floors, tiles),
    references: new Float32Array(memory, references, tiles * tileSize),
    components: new Uint32Array(memory, components, tiles * capacity),
    capacity,
    standing: standingIn(memory, at, shape),
  };
}

/** Of 32 bits, and of the numbers that a unit is the sum of. */
const ROUNDING = { ofSingles: 2 ** -23, ofUnits: 2 ** -32 };

/**
 * Restates what is known for log densities that are lower by a number, because kernels leave more out of them. What was seen
 * stays true: references are rounded up, which asks more of a point, and floors are rounded down.
 */
export function lowerUnit({ references, floors, standing }: ListMemory, by: number, shape: StandingShape): void {
  const slack = ROUNDING.ofUnits * (1 + Math.abs(by));
  const lower = (values: Float32Array, side: 1 | -1) => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] - by;
      values[i] = value + side * (ROUNDING.ofSingles * Math.abs(value) + slack);
    }
  };
  lower(references, 1);
  lower(floors, -1);
  lowerHeights(standing.before.subarray(0, shape.components * positionLength(shape)), by, shape);
}
