import { coordinates, readTileWeights, type Tiles } from "../../points/tiles.ts";
import type { BlockTask, MomentsPass } from "../pass.ts";

/**
 * A slot of the moments pass: total weight, number of points of positive weight, then d each of Σwz, Σwz², least and
 * greatest x, and the places of a point with the least and of one with the greatest, counted from the first of the block.
 */
export interface MomentsLayout {
  readonly weightTotal: number;
  readonly counted: number;
  readonly sums: number;
  readonly squares: number;
  readonly least: number;
  readonly greatest: number;
  readonly leastAt: number;
  readonly greatestAt: number;
  readonly length: number;
}

export function momentsLayout(features: number): MomentsLayout {
  const at = (row: number) => 2 + row * features;
  const ranges = { least: at(2), greatest: at(3), leastAt: at(4), greatestAt: at(5) };
  return { weightTotal: 0, counted: 1, sums: at(0), squares: at(1), ...ranges, length: at(6) };
}

/** Points of weight 0 do not count, not even for the range. */
export function moments({ parameters }: MomentsPass, tiles: Tiles): BlockTask {
  const sums = new MomentSums(tiles, parameters);
  return (firstTile, endTile, slot) => sums.takeBlock(firstTile, endTile, slot);
}

interface Tile {
  /** d rows of B */
  readonly numbers: Float64Array | Float32Array;
  /** how many points it has */
  readonly lanes: number;
  /** the place of the first in the block */
  readonly first: number;
}

/** Adds up the moments of points, a block at a time. */
class MomentSums {
  readonly #tiles: Tiles;
  readonly #pivot: Float64Array;
  readonly #layout: MomentsLayout;
  readonly #weights: Float64Array;

  /** in: pivot, d */
  constructor(tiles: Tiles, pivot: Float64Array) {
    this.#tiles = tiles;
    this.#pivot = pivot;
    this.#layout = momentsLayout(tiles.features);
    this.#weights = new Float64Array(tiles.tileSize);
  }

  takeBlock(firstTile: number, endTile: number, slot: Float64Array): void {
    const { least, greatest, leastAt } = this.#layout;
    const { count, features, tileSize } = this.#tiles;
    slot.fill(0);
    slot.fill(Number.POSITIVE_INFINITY, least, greatest);
    slot.fill(Number.NEGATIVE_INFINITY, greatest, leastAt);
    for (let tile = firstTile; tile < endTile; tile++) {
      const lanes = Math.min(tileSize, count - tile * tileSize);
      this.#takeWeights(tile, lanes, slot);
      const first = (tile - firstTile) * tileSize;
      const taken = { numbers: coordinates(this.#tiles, tile, tile + 1), lanes, first };
      for (let j = 0; j < features; j++) this.#takeRow(taken, j, slot);
    }
  }

  #takeWeights(tile: number, lanes: number, slot: Float64Array): void {
    const { weightTotal, counted } = this.#layout;
    const weights = readTileWeights(this.#tiles, tile, this.#weights);
    for (let lane = 0; lane < lanes; lane++) {
      slot[weightTotal] += weights[lane];
      slot[counted] += weights[lane] === 0 ? 0 : 1;
    }
  }

  /** Adds Σwz and Σwz² of a feature's numbers x, with z = x − pivot. */
  #takeRow({ numbers, lanes, first }: Tile, feature: number, slot: Float64Array): void {
    const layout = this.#layout;
    const weights = this.#weights;
    const pivot = this.#pivot[feature];
    let sum = 0;
    let square = 0;
    let least = slot[layout.least + feature];
    let greatest = slot[layout.greatest + feature];
    const start = feature * this.#tiles.tileSize;
    for (let lane = 0; lane < lanes; lane++) {
      const weight = weights[lane];
      if (weight === 0) continue;
      const x = numbers[start + lane];
      const z = x - pivot;
      sum += weight * z;
      square += weight * z * z;
      // Few numbers are below all before them, so processors foresee that this one is not.
      if (x < least) {
        least = x;
        slot[layout.leastAt + feature] = first + lane;
      }
      if (x > greatest) {
        greatest = x;
        slot[layout.greatestAt + feature] = first + lane;
      }
    }
    slot[layout.sums + feature] += sum;
    slot[layout.squares + feature] += square;
    slot[layout.least + feature] = least;
    slot[layout.greatest + feature] = greatest;
  }
}
