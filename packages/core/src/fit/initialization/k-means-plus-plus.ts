import { tooFewDistinctPoints } from "../../errors.ts";
import type { DistancePower } from "../../kernels/distance-kernel.ts";
import { squaredDistancesOfTile } from "../../kernels/reference/reference-distances.ts";
import { least } from "../../linear-algebra/extremes.ts";
import { sum } from "../../linear-algebra/sum.ts";
import { FARTHEST } from "../../mixture/density.ts";
import { type BlockGrid, blockGrid, blockRange } from "../../passes/blocks.ts";
import type { Executor } from "../../passes/executor.ts";
import { withNodes } from "../../passes/find-nodes.ts";
import type { DistancesPass, SeedingState } from "../../passes/pass.ts";
import type { Slots } from "../../passes/slots.ts";
import { distancesWork } from "../../passes/work.ts";
import type { Nodes } from "../../points/nodes.ts";
import { readTileWeights, storedPoint, type Tiles, tileCount } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { drawByWeight, pick } from "./draw.ts";

/** How many candidates greedy k-means++ draws for each centre: 2 + ⌊ln k⌋ (Arthur and Vassilvitskii 2007, §5.1). */
export function greedyCandidates(components: number): number {
  return 2 + Math.floor(Math.log(components));
}

/** Memory for the distances of restarts that share passes. */
const DISTANCES_BYTES = 16 * 2 ** 20;
/** How many restarts may share passes. More potentials could make the block grid coarser. */
const MOST_RESTARTS = 256;

export interface SeedingOptions {
  readonly components: number;
  /** draws for each centre */
  readonly candidates: number;
  /** of the distance, ∝ which points are drawn; default 2 */
  readonly power?: DistancePower;
}

/** What a restart chose. */
export interface Seeded {
  /** k × d */
  readonly centres: Float64Array;
  /** ⌈n/B⌉·B: the nearest centre of every point that weighs something, the lower index of a tie */
  readonly labels: Int32Array;
}

/**
 * k-means++ (Arthur and Vassilvitskii 2007) for several restarts, which share the passes over the points. Every centre
 * is a point drawn ∝ w·D², or ∝ w·D; of `candidates` draws, the one that leaves the smallest potential is chosen. A
 * group of restarts takes k passes, or k + 1. Tiles that a centre is too far from are left alone.
 * in: streams, one for each restart; use, which gets labels in lent memory. out: what `use` makes of each restart
 * @throws TOO_FEW_DISTINCT_POINTS
 */
export async function kMeansPlusPlus<T>(
  executor: Executor,
  options: SeedingOptions,
  streams: readonly Random[],
  use: (seeded: Seeded) => Promise<T>,
): Promise<T[]> {
  const bytes = stateBytes(executor.tiles);
  const atOnce = Math.min(MOST_RESTARTS, Math.max(1, Math.floor(DISTANCES_BYTES / bytes)));
  const made: T[] = [];
  const seedAll = async (nodes: Nodes | null) => {
    for (let first = 0; first < streams.length; first += atOnce) {
      const group = streams.slice(first, first + atOnce).map((random) => new Seeding(executor.tiles, options, random));
      await executor.lend(group.length * bytes, async (memory) => {
        const state = stateIn(memory, executor.tiles, group.length);
        await seedGroup(executor, group, options, { state, nodes });
        for (const { centres, labels } of group) made.push(await use({ centres, labels }));
      });
    }
  };
  // Only points in order lie in balls that say much.
  await (executor.tiles.order === null ? seedAll(null) : withNodes(executor, seedAll));
  return made;
}

/** Of one restart: of each point a distance and a label, of each tile two numbers. */
function stateBytes(tiles: Tiles): number {
  return tileCount(tiles) * (tiles.tileSize * 12 + 16);
}

/** The state of restarts, with any content. */
function stateIn(memory: ArrayBufferLike, tiles: Tiles, restarts: number): SeedingState {
  const ofTiles = restarts * tileCount(tiles);
  const points = ofTiles * tiles.tileSize;
  return {
    squared: new Float64Array(memory, 0, points),
    masses: new Float64Array(memory, points * 8, ofTiles),
    greatest: new Float64Array(memory, (points + ofTiles) * 8, ofTiles),
    labels: new Int32Array(memory, (points + 2 * ofTiles) * 8, points),
  };
}

/** Chooses all centres of some restarts. */
async function seedGroup(
  executor: Executor,
  group: readonly Seeding[],
  { components, candidates, power = 2 }: SeedingOptions,
  { state, nodes }: Pick<DistancesPass, "state" | "nodes">,
): Promise<void> {
  const { tiles } = executor;
  const restarts = group.length;
  const padded = state.squared.length / restarts;
  group.forEach((seeding, index) => {
    seeding.squared = state.squared.subarray(index * padded, (index + 1) * padded);
    seeding.labels = state.labels.subarray(index * padded, (index + 1) * padded);
  });

  /** A pass that takes the centre `label` in, if it is not −1, and weighs candidates. */
  const measure = (label: number, drawn: number) => {
    const parameters = new Float64Array(restarts * (1 + drawn) * tiles.features);
    group.forEach((seeding, index) => {
      seeding.place(parameters.subarray(index * (1 + drawn) * tiles.features), label);
    });
    const work = distancesWork(tiles.count, tiles.features, restarts * (1 + drawn));
    const program = executor.programs.distances(tiles, work);
    const pass = {
      kind: "distances",
      program,
      restarts,
      candidates: drawn,
      power,
      label,
      parameters,
      state,
      nodes,
    } as const;
    return executor.run(pass, (slots) => {
      group.forEach((seeding, index) => {
        seeding.weigh(slots, index * Math.max(1, drawn), drawn);
      });
    });
  };

  // A single candidate needs no choice: the pass that takes it in says what it leaves.
  let waiting = false;
  for (let chosen = 0; chosen < components; chosen++) {
    const drawn = chosen === 0 ? 1 : candidates;
    for (const seeding of group) seeding.propose(drawn, waiting);
    if (drawn === 1) {
      for (const seeding of group) seeding.choose(0);
      await measure(chosen, 0);
    } else {
      await measure(waiting ? chosen - 1 : -1, drawn);
      waiting = true;
    }
  }
  if (waiting) await measure(components - 1, 0);
}

/** One restart of k-means++: the centres chosen so far, and the draws for the next. */
class Seeding {
  readonly centres: Float64Array;
  squared: Float64Array = new Float64Array(0);
  labels: Int32Array = new Int32Array(0);
  readonly #tiles: Tiles;
  readonly #grid: BlockGrid;
  readonly #random: Random;
  readonly #power: DistancePower;
  #candidates: Float64Array[] = [];
  /** The potential of every block under the centres chosen so far. */
  #potentials: Float64Array | null = null;
  #chosen = 0;

  constructor(tiles: Tiles, { components, power = 2 }: SeedingOptions, random: Random) {
    this.#tiles = tiles;
    this.#random = random;
    this.#power = power;
    this.#grid = blockGrid(tiles, 1);
    this.centres = new Float64Array(components * tiles.features);
  }

  /** Draws candidates for the next centre. in: waiting, whether the points do not know the last centre yet */
  propose(count: number, waiting: boolean): void {
    const { features } = this.#tiles;
    this.#candidates = Array.from({ length: count }, () =>
      storedPoint(this.#tiles, this.#draw(waiting), new Float64Array(features)),
    );
  }

  /** out: rows of d: the centre with the label, if that is not −1, and the candidates, unless one was chosen of them */
  place(out: Float64Array, label: number): void {
    const { features } = this.#tiles;
    if (label >= 0) out.set(this.centres.subarray(label * features, (label + 1) * features));
    this.#candidates.forEach((candidate, i) => {
      out.set(candidate, (1 + i) * features);
    });
  }

  /**
   * Keeps the potential that a pass found; of several candidates, chooses the one that leaves the smallest, the first of a
   * tie. in: slots, blocks × potentials
   */
  weigh({ values, blocks, slotLength }: Slots, column: number, count: number): void {
    const potentialsOf = (candidate: number) =>
      Float64Array.from({ length: blocks }, (_, block) => values[block * slotLength + column + candidate]);
    const potentials = Array.from({ length: Math.max(1, count) }, (_, candidate) => potentialsOf(candidate));
    const totals = potentials.map(sum);
    const best = totals.indexOf(least(totals));
    if (count > 0) this.choose(best);
    this.#potentials = potentials[best];
  }

  choose(candidate: number): void {
    this.centres.set(this.#candidates[candidate], this.#chosen * this.#tiles.features);
    this.#chosen += 1;
    this.#candidates = [];
  }

  /** Draws a point, ∝ w for the first centre and ∝ w·D² (or w·D) after that. out: its index */
  #draw(waiting: boolean): number {
    if (this.#potentials === null) return drawByWeight(this.#tiles, this.#random);
    const total = sum(this.#potentials);
    if (!(total > 0)) throw tooFewDistinctPoints(this.#chosen, this.centres.length / this.#tiles.features);
    const block = pick(this.#potentials, this.#random.uniform() * total);
    const { first, end } = blockRange(this.#grid, block);
    const masses = this.#massesOf(first, end, waiting);
    return first * this.#tiles.tileSize + pick(masses, this.#random.uniform() * sum(masses));
  }

  /** w·D², or w·D, of the points of some tiles under all centres. */
  #massesOf(firstTile: number, endTile: number, waiting: boolean): Float64Array {
    const { tileSize, features } = this.#tiles;
    const masses = new Float64Array((endTile - firstTile) * tileSize);
    const weights = new Float64Array(tileSize);
    const toCentre = new Float64Array(tileSize).fill(FARTHEST);
    const centre = this.centres.subarray((this.#chosen - 1) * features, this.#chosen * features);
    for (let tile = firstTile; tile < endTile; tile++) {
      readTileWeights(this.#tiles, tile, weights);
      if (waiting) squaredDistancesOfTile(this.#tiles, tile, centre, toCentre);
      for (let lane = 0; lane < tileSize; lane++) {
        const squared = Math.min(this.squared[tile * tileSize + lane], toCentre[lane]);
        const distance = this.#power === 1 ? Math.sqrt(squared) : squared;
        masses[(tile - firstTile) * tileSize + lane] = weights[lane] * distance;
      }
    }
    return masses;
  }
}
