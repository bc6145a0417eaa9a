import { FARTHER_SKIN, NEARER_SKIN, type PairLists, SKIN, TILE_SKIN, UNBUILT } from "../../kernels/pair-lists.ts";
import { densityLayout } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { Executor } from "../../passes/executor.ts";
import type { ExpectationPass } from "../../passes/pass.ts";
import { expectationWork } from "../../passes/work.ts";
import { type Tiles, tileCount } from "../../points/tiles.ts";
import { cameNearerBy, type Position, positionsOf } from "./position.ts";

/** What lists and references may take of what the points take. */
const SHARE = 1 / 4;
/** A list that would leave out a smaller share of the pairs is not kept: by tiles, few features cost more. */
const leastLeftOut = (features: number): number => 1 / 8 + 1 / (2 * features);
const LEAST_COMPONENTS = 4;
const LEAST_WORK = 2 ** 22;

/** If more of the components moved, all tiles are done without lists; and until fewer than these move in one step. */
const MOST_MOVERS = 0.7;
const STILL_MOVERS = 0.5;

/** Of the tiles, so few lie so low that a component could come near them unseen: they do without lists. */
const LOW_TILES = 1 / 256;
const SAMPLED_TILES = 4096;

/**
 * What EM knows from step to step about pairs of tiles and components (kernels/pair-lists.ts). Nothing of it changes a
 * bit.
 */
export class Lists {
  readonly #memory: ListMemory;
  /** Where each component stood when tiles last looked for it; null: they never did */
  #before: Position[] | null = null;
  /** Do tiles keep lists? If not, `before` is the last step. */
  #kept = false;
  /** few tiles lie lower */
  #leastFloor = Number.NEGATIVE_INFINITY;
  #step = 0;

  constructor(memory: ListMemory) {
    this.#memory = memory;
    memory.counts.fill(UNBUILT);
  }

  /** The lists for a pass with this mixture; undefined: it does without. */
  next(pass: ExpectationPass, mixture: Mixture): PairLists | undefined {
    const { program, parameters } = pass;
    if (program.kind === "reference") return undefined;
    const { components, features, covarianceType } = program.shape;
    const layout = densityLayout(components, features, covarianceType);
    const now = positionsOf(mixture, parameters, layout, program.simd.arithmetic);
    this.#step++;
    if (this.#kept) this.#leastFloor = lowFloor(this.#memory);
    if (this.#before === null || (this.#kept && !this.#memory.counts.some((count) => count >= 0))) {
      this.#before = now;
      this.#kept = true;
      return this.#lists([]);
    }
    const movers = moversOf(this.#before, now, this.#leastFloor);
    const most = (this.#kept ? MOST_MOVERS : STILL_MOVERS) * components;
    if (!this.#kept || movers.length > most) {
      this.#before = now;
      this.#memory.counts.fill(UNBUILT);
      this.#kept = movers.length <= most;
      return this.#kept ? this.#lists([]) : undefined;
    }
    for (const component of movers) this.#before[component] = now[component];
    return this.#lists(movers);
  }

  #lists(movers: readonly number[]): PairLists {
    return { ...this.#memory, movers: Int32Array.from(movers), leastFloor: this.#leastFloor, step: this.#step };
  }
}

/**
 * The components that may have come nearer to some point than the skin allows, or gone farther away: to points of tiles
 * with references of `leastFloor` or more.
 */
function moversOf(before: readonly Position[], now: readonly Position[], leastFloor: number): number[] {
  const stayed = (then: Position, position: Position) =>
    cameNearerBy(NEARER_SKIN, then, position, leastFloor - TILE_SKIN) &&
    cameNearerBy(FARTHER_SKIN, position, then, leastFloor - SKIN);
  return now.flatMap((position, component) => (stayed(before[component], position) ? [] : [component]));
}

/** A floor that few tiles lie below, of those that were looked at. */
function lowFloor({ counts, floors }: ListMemory): number {
  const stride = Math.ceil(counts.length / SAMPLED_TILES);
  const sampled = floors.filter((_, tile) => tile % stride === 0 && counts[tile] !== UNBUILT).sort();
  return sampled[Math.floor(sampled.length * LOW_TILES)] ?? Number.NEGATIVE_INFINITY;
}

/** Memory that all threads reach. */
type ListMemory = Pick<PairLists, "counts" | "components" | "capacity" | "references" | "floors">;

/**
 * Opens lists for a run of EM, or none where they are not worth their while; `close` hands their memory back. Memory is
 * lent to a function, and a generator is none.
 */
export async function openLists(executor: Executor, mixture: Mixture): Promise<{ lists?: Lists; close: () => void }> {
  const { tiles } = executor;
  const capacity = capacityFor(tiles, mixture);
  if (capacity === 0) return { close: () => undefined };
  const { promise, resolve, reject } = Promise.withResolvers<{ lists: Lists; close: () => void }>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  executor
    .lend(bytesOf(tiles, capacity), (memory) => {
      resolve({ lists: new Lists(placesIn(memory, tiles, capacity)), close });
      return closed;
    })
    .catch(reject);
  return promise;
}

/** How many components a list may have; 0: there are no lists. A rule of shapes alone. */
function capacityFor(tiles: Tiles, { components, features, covarianceType }: Mixture): number {
  const { count, dtype, tileSize } = tiles;
  const shape = { components, features, covarianceType, dtype, tileSize };
  if (components < LEAST_COMPONENTS || expectationWork(count, shape) < LEAST_WORK) return 0;
  const room = Math.floor((SHARE * tileSize * features * tiles.data.BYTES_PER_ELEMENT) / 4);
  return Math.min(Math.floor((1 - leastLeftOut(features)) * components), Math.max(room, LEAST_CAPACITY));
}

const LEAST_CAPACITY = 16;

function bytesOf(tiles: Tiles, capacity: number): number {
  return tileCount(tiles) * (capacity + 2 + tiles.tileSize) * 4;
}

function placesIn(memory: ArrayBufferLike, tiles: Tiles, capacity: number): ListMemory {
  const count = tileCount(tiles);
  const floors = 4 * count;
  const references = floors + 4 * count;
  const components = references + 4 * count * tiles.tileSize;
  return {
    counts: new Int32Array(memory, 0, count),
    floors: new Float32Array(memory, floors, count),
    references: new Float32Array(memory, references, count * tiles.tileSize),
    components: new Uint32Array(memory, components, count * capacity),
    capacity,
  };
}
