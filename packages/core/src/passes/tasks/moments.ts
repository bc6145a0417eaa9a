import { coordinates, readTileWeights, type Tiles } from "../../points/tiles.ts";
import type { BlockTask, MomentsPass } from "../pass.ts";

/**
 * A slot of the moments pass: total weight, number of points of positive weight, then d each of Σwz, Σwz², least and
 * greatest x.
 */
export interface MomentsLayout {
  readonly weightTotal: number;
  readonly counted: number;
  readonly sums: number;
  readonly squares: number;
  readonly least: number;
  readonly greatest: number;
  readonly length: number;
}

export function momentsLayout(features: number): MomentsLayout {
  const at = (row: number) => 2 + row * features;
  return { weightTotal: 0, counted: 1, sums: at(0), squares: at(1), least: at(2), greatest: at(3), length: at(4) };
}

/** Points of weight 0 do not count, not even for the range. */
export function moments({ parameters: pivot }: MomentsPass, tiles: Tiles): BlockTask {
  const { count, features, tileSize } = tiles;
  const layout = momentsLayout(features);
  const weights = new Float64Array(tileSize);

  return (firstTile, endTile, slot) => {
    slot.fill(0);
    slot.fill(Number.POSITIVE_INFINITY, layout.least, layout.greatest);
    slot.fill(Number.NEGATIVE_INFINITY, layout.greatest);
    for (let tile = firstTile; tile < endTile; tile++) {
      const lanes = Math.min(tileSize, count - tile * tileSize);
      const numbers = coordinates(tiles, tile, tile + 1);
      readTileWeights(tiles, tile, weights);
      for (let lane = 0; lane < lanes; lane++) {
        slot[layout.weightTotal] += weights[lane];
        slot[layout.counted] += weights[lane] === 0 ? 0 : 1;
      }
      for (let j = 0; j < features; j++) {
        const row = numbers.subarray(j * tileSize, j * tileSize + lanes);
        const sums = sumRow(row, pivot[j], weights);
        slot[layout.sums + j] += sums.sum;
        slot[layout.squares + j] += sums.square;
        slot[layout.least + j] = Math.min(slot[layout.least + j], sums.least);
        slot[layout.greatest + j] = Math.max(slot[layout.greatest + j], sums.greatest);
      }
    }
  };
}

/** Σwz and Σwz² with z = x − pivot, and the range of x. */
interface RowSums {
  readonly sum: number;
  readonly square: number;
  readonly least: number;
  readonly greatest: number;
}

function sumRow(row: Float64Array | Float32Array, pivot: number, weights: Float64Array): RowSums {
  let [sum, square, least, greatest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let lane = 0; lane < row.length; lane++) {
    const weight = weights[lane];
    if (weight === 0) continue;
    const x = row[lane];
    const z = x - pivot;
    sum += weight * z;
    square += weight * z * z;
    if (x < least) least = x;
    if (x > greatest) greatest = x;
  }
  return { sum, square, least, greatest };
}
