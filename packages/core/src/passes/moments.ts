import type { Tiles } from "../points/tiles.ts";
import type { BlockTask, MomentsPass } from "./pass.ts";

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
  const { count, features, tileSize, data, pointWeights } = tiles;
  const layout = momentsLayout(features);

  return (firstTile, endTile, slot) => {
    slot.fill(0);
    slot.fill(Number.POSITIVE_INFINITY, layout.least, layout.greatest);
    slot.fill(Number.NEGATIVE_INFINITY, layout.greatest);
    for (let tile = firstTile; tile < endTile; tile++) {
      const first = tile * tileSize;
      const lanes = Math.min(tileSize, count - first);
      for (let lane = 0; lane < lanes; lane++) {
        const weight = pointWeights === null ? 1 : pointWeights[first + lane];
        if (weight === 0) continue;
        slot[layout.weightTotal] += weight;
        slot[layout.counted] += 1;
        for (let j = 0; j < features; j++) {
          const x = data[first * features + j * tileSize + lane];
          const z = x - pivot[j];
          slot[layout.sums + j] += weight * z;
          slot[layout.squares + j] += weight * z * z;
          slot[layout.least + j] = Math.min(slot[layout.least + j], x);
          slot[layout.greatest + j] = Math.max(slot[layout.greatest + j], x);
        }
      }
    }
  };
}
