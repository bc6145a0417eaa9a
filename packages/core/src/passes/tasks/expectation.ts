import type { KernelCache } from "../../kernels/kernel-cache.ts";
import type { Tiles } from "../../points/tiles.ts";
import { rowLayout } from "../../statistics/rows.ts";
import { statisticsLayout } from "../../statistics/sufficient-statistics.ts";
import { blockGrid } from "../blocks.ts";
import type { BlockTask, ExpectationPass } from "../pass.ts";

/** E and M of a block. */
export function expectation(
  { program, parameters, measured, lists, rows }: ExpectationPass,
  tiles: Tiles,
  kernels: KernelCache,
): BlockTask {
  const kernel = kernels.get(program);
  kernel.load(parameters, measured);
  if (rows === undefined) return (first, end, slot) => kernel.expectation({ tiles, first, end }, slot, lists);
  const { components, features, covarianceType } = program.shape;
  const layout = statisticsLayout(components, features, covarianceType);
  const { perBlock } = blockGrid(tiles, layout.length);
  const room = components * rowLayout(layout).length;
  return (first, end, head) => {
    const start = (first / perBlock) * room;
    kernel.expectation({ tiles, first, end }, head, lists, rows.subarray(start, start + room));
  };
}
