import type { Shape } from "../covariance/covariances.ts";
import { covarianceRow } from "../covariance/types.ts";
import { areMany } from "../statistics/many.ts";
import { rowLayout } from "../statistics/rows.ts";
import { statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { blockGrid, type TilesSize } from "./blocks.ts";

/**
 * How many numbers the rows of all blocks of a step may take (statistics/rows.ts), most of which are never touched; 0 where
 * slots serve better. Bits do not depend on it.
 */
export function rowsLength(tiles: TilesSize, { components, features, covarianceType }: Shape): number {
  if (!areMany(components) || covarianceRow(covarianceType).shared) return 0;
  const layout = statisticsLayout(components, features, covarianceType);
  const { blocks } = blockGrid(tiles, layout.length);
  return blocks === 1 ? 0 : blocks * components * rowLayout(layout).length;
}

/** Finds the room for the rows of a block. in: rows, of all blocks; the first tile of the block */
export function roomOfBlocks(rows: Float64Array, shape: Shape, tiles: TilesSize): (first: number) => Float64Array {
  const layout = statisticsLayout(shape.components, shape.features, shape.covarianceType);
  const { perBlock } = blockGrid(tiles, layout.length);
  const room = shape.components * rowLayout(layout).length;
  return (first) => rows.subarray((first / perBlock) * room, (first / perBlock + 1) * room);
}
