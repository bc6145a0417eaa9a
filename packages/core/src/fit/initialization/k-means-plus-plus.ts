import { tooFewDistinctPoints } from "../../errors.ts";
import type { DistancePower } from "../../kernels/distance-kernel.ts";
import { squaredDistancesOfTile } from "../../kernels/reference/reference-distances.ts";
import { sum } from "../../linear-algebra/sum.ts";
import { FARTHEST } from "../../mixture/density.ts";
import { type BlockGrid, blockGrid, blockRange } from "../../passes/blocks.ts";
import type { Executor } from "../../passes/executor.ts";
import type { Slots } from "../../passes/slots.ts";
import { distancesWork } from "../../passes/work.ts";
import { readTileWeights, storedPoint, type Tiles, tileCount } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { drawByWeight, pick } from "./draw.ts";

/** How many candidates greedy k-means++ draws for each centre: 2 + ⌊ln k⌋ (Arthur and Vassilvitskii 2007, §5.1). */
export function greedyCandidates(components: number): number {
  return 2 + Math.floor(Math.log(components));
}

/** Memory for the squared distances of restarts that share passes. */
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

/**
 * k-means++ (Arthur and Vassilvitskii 2007) for several restarts, which share the passes over the points. Every centre
 * is a point drawn ∝ w·D², or ∝ w·D; of `candidates` draws, the one that leaves the smallest potential is chosen. A
 * group of restarts takes k passes.
 * in: streams, one for each restart. out: centres of each restart, k × d
 * @throws TOO_FEW_DISTINCT_POINTS
 */
export async function kMeansPlusPlus(
  executor: Executor,
  { components, candidates, power = 2 }: SeedingOptions,
  streams: readonly Random[],
): Promise<Float64Array[]> {
  const { tileSize } = executor.tiles;
  const bytes = tileCount(executor.tiles) * tileSize * 8;
  const atOnce = Math.min(MOST_RESTARTS, Math.max(1, Math.floor(DISTANCES_BYTES / bytes)));
  const centres: Float64Array[] = [];
  for (let first = 0; first < streams.length; first += atOnce) {
    const group = streams
      .slice(first, first + atOnce)
      .map((random) => new Seeding(executor.tiles, { components, power }, random));
    await executor.lend(group.length * bytes, (memory) =>
      seedGroup(executor, group, { candidates, power }, new Float64Array(memory, 0, (group.length * bytes) / 8)),
    );
    for (const seeding of group) centres.push(seeding.centres);
  }
  return centres;
}

/** Chooses all centres of some restarts. in: squaredDistances, restarts × ⌈n/B⌉·B, with any content */
async function seedGroup(
  executor: Executor,
  group: readonly Seeding[],
  { candidates, power }: { readonly candidates: number; readonly power: DistancePower },
  squaredDistances: Float64Array,
): Promise<void> {
  const { count, features, tileSize } = executor.tiles;
  const components = group[0].centres.length / features;
  const padded = tileCount(executor.tiles) * tileSize;
  squaredDistances.fill(FARTHEST);
  group.forEach((seeding, index) => {
    seeding.squaredDistances = squaredDistances.subarray(index * padded, (index + 1) * padded);
  });
  for (let chosen = 0; chosen < components; chosen++) {
    const drawn = chosen === 0 ? 1 : candidates;
    const parameters = new Float64Array(group.length * (1 + drawn) * features);
    group.forEach((seeding, index) => {
      seeding.propose(drawn, parameters.subarray(index * (1 + drawn) * features, (index + 1) * (1 + drawn) * features));
    });
    // A single candidate needs no choice, and nothing is drawn after the last centre.
    if (drawn === 1 && chosen === components - 1) {
      for (const seeding of group) seeding.choose(0);
      break;
    }
    const restarts = group.length;
    const program = executor.programs.distances(executor.tiles, distancesWork(count, features, restarts * (1 + drawn)));
    const request = { restarts, candidates: drawn, power, first: chosen === 0, parameters, squaredDistances };
    await executor.run({ kind: "distances", program, ...request }, (slots) => {
      group.forEach((seeding, index) => {
        seeding.weigh(slots, index * drawn, drawn);
      });
    });
  }
}

/** One restart of k-means++: the centres chosen so far, and the draws for the next. */
class Seeding {
  readonly centres: Float64Array;
  squaredDistances: Float64Array = new Float64Array(0);
  readonly #tiles: Tiles;
  readonly #grid: BlockGrid;
  readonly #random: Random;
  readonly #power: DistancePower;
  readonly #candidates: Float64Array[] = [];
  /** The potential of every block under the centres chosen so far. */
  #potentials: Float64Array | null = null;
  #chosen = 0;

  constructor(
    tiles: Tiles,
    { components, power }: { readonly components: number; readonly power: DistancePower },
    random: Random,
  ) {
    this.#tiles = tiles;
    this.#random = random;
    this.#power = power;
    this.#grid = blockGrid(tiles, 1);
    this.centres = new Float64Array(components * tiles.features);
  }

  /** out: 1 + count rows of d: the centre chosen last, if there is one, then the candidates for the next */
  propose(count: number, out: Float64Array): void {
    const { features } = this.#tiles;
    if (this.#chosen > 0) out.set(this.#lastCentre());
    this.#candidates.length = 0;
    for (let i = 0; i < count; i++) {
      const candidate = storedPoint(this.#tiles, this.#draw(), new Float64Array(features));
      this.#candidates.push(candidate);
      out.set(candidate, (1 + i) * features);
    }
  }

  /** Chooses the candidate that leaves the smallest potential, the first of a tie. in: slots, blocks × potentials */
  weigh(slots: Slots, column: number, count: number): void {
    const { values, blocks, slotLength } = slots;
    const potentialsOf = (candidate: number) =>
      Float64Array.from({ length: blocks }, (_, block) => values[block * slotLength + column + candidate]);
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let candidate = 0; candidate < count; candidate++) {
      const potential = sum(potentialsOf(candidate));
      if (potential < least) {
        least = potential;
        best = candidate;
      }
    }
    this.choose(best);
    this.#potentials = potentialsOf(best);
  }

  choose(candidate: number): void {
    this.centres.set(this.#candidates[candidate], this.#chosen * this.#tiles.features);
    this.#chosen += 1;
  }

  #lastCentre(): Float64Array {
    const { features } = this.#tiles;
    return this.centres.subarray((this.#chosen - 1) * features, this.#chosen * features);
  }

  /** Draws a point, ∝ w for the first centre and ∝ w·D² (or w·D) after that. out: its index */
  #draw(): number {
    if (this.#potentials === null) return drawByWeight(this.#tiles, this.#random);
    const total = sum(this.#potentials);
    if (!(total > 0)) throw tooFewDistinctPoints(this.#chosen, this.centres.length / this.#tiles.features);
    const block = pick(this.#potentials, this.#random.uniform() * total);
    const { first, end } = blockRange(this.#grid, block);
    const masses = this.#massesOf(first, end);
    return first * this.#tiles.tileSize + pick(masses, this.#random.uniform() * sum(masses));
  }

  /** w·D², or w·D, of the points of some tiles, after an update with the centre chosen last. */
  #massesOf(firstTile: number, endTile: number): Float64Array {
    const { tileSize } = this.#tiles;
    const masses = new Float64Array((endTile - firstTile) * tileSize);
    const weights = new Float64Array(tileSize);
    const toCentre = new Float64Array(tileSize);
    const centre = this.#lastCentre();
    for (let tile = firstTile; tile < endTile; tile++) {
      readTileWeights(this.#tiles, tile, weights);
      squaredDistancesOfTile(this.#tiles, tile, centre, toCentre);
      for (let lane = 0; lane < tileSize; lane++) {
        const squared = Math.min(this.squaredDistances[tile * tileSize + lane], toCentre[lane]);
        const distance = this.#power === 1 ? Math.sqrt(squared) : squared;
        masses[(tile - firstTile) * tileSize + lane] = weights[lane] * distance;
      }
    }
    return masses;
  }
}
