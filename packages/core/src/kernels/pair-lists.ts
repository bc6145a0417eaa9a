import { type Nodes, nodesBetween } from "../points/nodes.ts";

// Which pairs of a tile and a component an E-step computes (derivation.md §18). A component is left off the list of a tile
// where it was once seen that the rule of zero drops it at every point, with a margin, the skin; and as long as neither
// component nor points have used it up since. Lists are no part of the bits: a step without them gives the same.

/** By how many nats a component may have come nearer since all tiles last looked for it. */
export const NEARER_SKIN = 6;
/** By how many nats it may have gone away since then, if a tile is to be listed anew without it. */
export const FARTHER_SKIN = 3;
/** By how many nats the largest lp of a point may have fallen below its reference. */
export const TILE_SKIN = 3;
export const SKIN: number = NEARER_SKIN + FARTHER_SKIN + TILE_SKIN;

/** References lie no lower: a point so far away is at no time within reach of one, and its tile has no list. */
export const FARTHEST_REFERENCE = -1e30;

/** In the place of a number of components: nothing is known of a tile. */
export const UNBUILT = -1;
/** The same if its list would be too long to be of use: it sleeps. One less for each time it fell asleep again. */
const ASLEEP = -2;

/** Added to the number of components of a list that proves nothing, for the tile lies too low: a guess to begin with. */
export const GUESSED: number = 2 ** 24;

/** In the place of a number: the tile needs more components than a list holds, but few of all. It is sieved in each step. */
export const UNLISTED: number = 2 * GUESSED;
/** Of all components, the share that an unlisted tile may need; with a larger one, it sleeps. */
export const MOST_UNLISTED: number = 1 / 16;

/** Powers of two: the first nap lasts 4 steps, and each further one four times as long. */
const NAP = 2;
const MOST_NAPS = 2;

/** Is a tile to be left alone in this step? in: turn, so that not all that sleep wake in the same step */
export function sleeps(count: number, turn: number): boolean {
  return count <= ASLEEP && turn % (1 << (NAP * (1 + ASLEEP - count))) !== 0;
}

/** What stands in the place of the count of a tile whose list is too long. in: count, what stood there */
export function asleepAgain(count: number): number {
  return count <= ASLEEP ? Math.max(count - 1, ASLEEP - MOST_NAPS) : ASLEEP;
}

/**
 * Numbers of a component: b and the skin; what is certain of a computed |y|, in parts of it, and what may be missing
 * besides; what rounding adds to Wᵀy/|y|; and |y| ≥ narrow · |x − pivot| − away.
 */
export const STAND = { reach: 0, keep: 1, absolute: 2, spread: 3, narrow: 4, away: 5, length: 6 };

/** Lists of the tiles, in memory that all threads reach, and what a step needs to keep them. */
export interface PairLists {
  /** tiles: how many components are listed, perhaps with GUESSED; UNBUILT; or ASLEEP and less */
  readonly counts: Int32Array;
  /** tiles × capacity: the components listed, rising */
  readonly components: Uint32Array;
  readonly capacity: number;
  /** ⌈n/B⌉·B: m⁰, to which every point's largest lp is compared */
  readonly references: Float32Array;
  /** tiles: the least m⁰ of each */
  readonly floors: Float32Array;
  /** Where the points lie; null: that is found when it is asked. */
  readonly nodes: Nodes | null;
  /** Components that every tile must look for in this pass, rising. */
  readonly movers: Int32Array;
  /** false: a second look in the same step. Lists stay as they are, and a tile needs them and what it finds of the movers. */
  readonly renewed: boolean;
  /** k × STAND, numbers of each component for the proof that it cannot reach a tile (derivation.md §18) */
  readonly stands: Float64Array;
  /** The list of a tile whose floor is lower proves nothing. */
  readonly leastFloor: number;
  /** counts steps, for naps */
  readonly step: number;
}

/** The lists of the tiles [first, end), in the same memory. */
export function listsBetween(lists: PairLists, first: number, end: number): PairLists {
  const { counts, components, capacity, references, floors, nodes } = lists;
  const tileSize = references.length / counts.length;
  return {
    ...lists,
    counts: counts.subarray(first, end),
    components: components.subarray(first * capacity, end * capacity),
    references: references.subarray(first * tileSize, end * tileSize),
    floors: floors.subarray(first, end),
    nodes: (nodes && nodesBetween(nodes, first, end)) ?? null,
  };
}

/** What lists elsewhere are kept by. */
export interface Listing {
  /** the run of EM: its passes have the same one */
  readonly run: object;
  /** variance inflations, k */
  readonly inflations: Float64Array;
  /** what kernels leave out of every log density */
  readonly unit: number;
  /** d: one over the deviation of a component on average */
  readonly scales: Float64Array;
  /** a second look in the same step: the components whose thresholds are wider; null: the first */
  readonly wider: readonly number[] | null;
}
