import type { Shape } from "../covariance/covariances.ts";
import { covarianceRow } from "../covariance/types.ts";
import { rowLayout } from "../statistics/rows.ts";
import { statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { blockGrid, type TilesSize } from "./blocks.ts";

/** With fewer components, a block has points of most of them. */
const LEAST_COMPONENTS = 256;

/**
 * How many numbers the rows of all blocks of an E-step may take (statistics/rows.ts), most of which are never touched; 0 where
 * slots serve better. Bits do not depend on it.
 */
export function rowsLength(tiles: TilesSize, { components, features, covarianceType }: Shape): number {
  if (components < LEAST_COMPONENTS || covarianceRow(covarianceType).shared) return 0;
  const layout = statisticsLayout(components, features, covarianceType);
  const { blocks } = blockGrid(tiles, layout.length);
  return blocks === 1 ? 0 : blocks * components * rowLayout(layout).length;
}
