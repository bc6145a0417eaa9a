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
export function moments({ parameters: pivot }: MomentsPass, tiles: Tiles): BlockTask {
  const { count, features, tileSize, pointWeights } = tiles;
  const layout = momentsLayout(features);
  const weights = new Float64Array(tileSize);
  const row = pointWeights === null ? plainRow : weightedRow(weights);

  return (firstTile, endTile, slot) => {
    slot.fill(0);
    slot.fill(Number.POSITIVE_INFINITY, layout.least, layout.greatest);
    slot.fill(Number.NEGATIVE_INFINITY, layout.greatest, layout.leastAt);
    for (let tile = firstTile; tile < endTile; tile++) {
      const lanes = Math.min(tileSize, count - tile * tileSize);
      const numbers = coordinates(tiles, tile, tile + 1);
      readTileWeights(tiles, tile, weights);
      for (let lane = 0; lane < lanes; lane++) {
        slot[layout.weightTotal] += weights[lane];
        slot[layout.counted] += weights[lane] === 0 ? 0 : 1;
      }
      for (let j = 0; j < features; j++) {
        const { sum, square, least, greatest, leastAt, greatestAt } = row(numbers, j * tileSize, lanes, pivot[j]);
        slot[layout.sums + j] += sum;
        slot[layout.squares + j] += square;
        const start = (tile - firstTile) * tileSize - j * tileSize;
        if (least < slot[layout.least + j]) {
          slot[layout.least + j] = least;
          slot[layout.leastAt + j] = start + leastAt;
        }
        if (greatest > slot[layout.greatest + j]) {
          slot[layout.greatest + j] = greatest;
          slot[layout.greatestAt + j] = start + greatestAt;
        }
      }
    }
  };
}

type Numbers = Float64Array | Float32Array;

/** Σwz and Σwz² of `lanes` numbers x from `start` on, with z = x − pivot, and their range. */
type SumRow = (numbers: Numbers, start: number, lanes: number, pivot: number) => RowSums;

interface RowSums {
  readonly sum: number;
  readonly square: number;
  readonly least: number;
  readonly greatest: number;
  /** where these are */
  readonly leastAt: number;
  readonly greatestAt: number;
}

/** Every weight is 1. */
function plainRow(numbers: Numbers, start: number, lanes: number, pivot: number): RowSums {
  let sum = 0;
  let square = 0;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let [leastAt, greatestAt] = [start, start];
  for (let i = start; i < start + lanes; i++) {
    const x = numbers[i];
    const z = x - pivot;
    sum += z;
    square += z * z;
    if (x < least) {
      least = x;
      leastAt = i;
    }
    if (x > greatest) {
      greatest = x;
      greatestAt = i;
    }
  }
  return { sum, square, least, greatest, leastAt, greatestAt };
}

function weightedRow(weights: Float64Array): SumRow {
  return (numbers, start, lanes, pivot) => {
    let sum = 0;
    let square = 0;
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let [leastAt, greatestAt] = [start, start];
    for (let lane = 0; lane < lanes; lane++) {
      const weight = weights[lane];
      if (weight === 0) continue;
      const x = numbers[start + lane];
      const z = x - pivot;
      sum += weight * z;
      square += weight * z * z;
      if (x < least) {
        least = x;
        leastAt = start + lane;
      }
      if (x > greatest) {
        greatest = x;
        greatestAt = start + lane;
      }
    }
    return { sum, square, least, greatest, leastAt, greatestAt };
  };
}
