import { tooFewDistinctPoints } from "../../errors.ts";
import type { DistancePower } from "../../kernels/distance-kernel.ts";
import { squaredDistancesOfTile } from "../../kernels/reference/reference-distances.ts";
import { sum } from "../../linear-algebra/sum.ts";
import { FARTHEST } from "../../mixture/density.ts";
import { type BlockGrid, blockGrid, blockRange } from "../../passes/blocks.ts";
import type { SeedingState } from "../../passes/pass.ts";
import type { Slots } from "../../passes/slots.ts";
import { readTileWeights, storedPoint, type Tiles } from "../../points/tiles.ts";
import type { Random } from "../../random.ts";
import { drawByWeight, pick } from "./draw.ts";

/** How k-means++ is drawn. */
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

/** One restart of k-means++: the centres chosen so far, and the draws for the next. */
export class Seeding {
  readonly centres: Float64Array;
  state: SeedingState = NO_STATE;
  readonly #tiles: Tiles;
  readonly #grid: BlockGrid;
  readonly #random: Random;
  readonly #power: DistancePower;
  #candidates: Float64Array[] = [];
  /** The potential of every block under the centres chosen so far. */
  #potentials: Float64Array | null = null;
  /** The same of every tile. */
  #ofTiles: Float64Array = new Float64Array(0);
  /** The last centre, if distances do not know it yet. */
  #waiting: Float64Array | null = null;
  #chosen = 0;
  /** of blocks, to be written over; and of the points of a tile */
  #spare: Float64Array;
  readonly #masses: Float64Array;
  readonly #toLast: Float64Array;

  constructor(tiles: Tiles, { components, power = 2 }: SeedingOptions, random: Random) {
    this.#tiles = tiles;
    this.#random = random;
    this.#power = power;
    this.#grid = blockGrid(tiles, 1);
    this.#spare = new Float64Array(this.#grid.blocks);
    this.#masses = new Float64Array(tiles.tileSize);
    this.#toLast = new Float64Array(tiles.tileSize);
    this.centres = new Float64Array(components * tiles.features);
  }

  /** Draws candidates for the next centre. out: rows of d, until one is chosen */
  propose(count: number): readonly Float64Array[] {
    const { features } = this.#tiles;
    this.#candidates = Array.from({ length: count }, () =>
      storedPoint(this.#tiles, this.#draw(), new Float64Array(features)),
    );
    return this.#candidates;
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
    let [best, smallest] = [0, Number.POSITIVE_INFINITY];
    for (let candidate = 0; candidate < Math.max(1, count); candidate++) {
      const own = this.#spare;
      for (let block = 0; block < blocks; block++) own[block] = values[block * slotLength + column + candidate];
      const total = sum(own);
      if (candidate > 0 && !(total < smallest)) continue;
      [best, smallest] = [candidate, total];
      this.#spare = this.#potentials ?? new Float64Array(blocks);
      this.#potentials = own;
    }
    const { masses, potentials: ofTiles } = this.state;
    this.#ofTiles = count === 0 ? masses : ofTiles.subarray(best * masses.length, (best + 1) * masses.length);
    this.#waiting = count === 0 ? null : this.#candidates[best];
    if (count > 0) this.choose(best);
  }

  choose(candidate: number): void {
    this.centres.set(this.#candidates[candidate], this.#chosen * this.#tiles.features);
    this.#chosen += 1;
    this.#candidates = [];
  }

  /** Draws a point, ∝ w for the first centre and ∝ w·D² (or w·D) after that. out: its index */
  #draw(): number {
    if (this.#potentials === null) return drawByWeight(this.#tiles, this.#random);
    const total = sum(this.#potentials);
    if (!(total > 0)) throw tooFewDistinctPoints(this.#chosen, this.centres.length / this.#tiles.features);
    const block = pick(this.#potentials, this.#random.uniform() * total);
    const { first, end } = blockRange(this.#grid, block);
    const ofTiles = this.#ofTiles.subarray(first, end);
    const target = this.#random.uniform() * sum(ofTiles);
    const tile = pick(ofTiles, target);
    const masses = this.#massesOf(first + tile);
    return (first + tile) * this.#tiles.tileSize + pick(masses, target - sum(ofTiles.subarray(0, tile)));
  }

  /** w·D², or w·D, of the points of a tile under all centres; valid until the next call. */
  #massesOf(tile: number): Float64Array {
    const { tileSize } = this.#tiles;
    const masses = readTileWeights(this.#tiles, tile, this.#masses);
    const toLast = this.#toLast.fill(FARTHEST);
    if (this.#waiting !== null) squaredDistancesOfTile(this.#tiles, tile, this.#waiting, toLast);
    const from = tile * tileSize;
    for (let lane = 0; lane < tileSize; lane++) {
      const squared = Math.min(this.state.squared[from + lane], toLast[lane]);
      masses[lane] *= this.#power === 1 ? Math.sqrt(squared) : squared;
    }
    return masses;
  }
}

const NO_STATE: SeedingState = {
  squared: new Float64Array(0),
  labels: new Int32Array(0),
  masses: new Float64Array(0),
  greatest: new Float64Array(0),
  potentials: new Float64Array(0),
};
