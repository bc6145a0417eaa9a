import type { KernelCache } from "../../kernels/kernel-cache.ts";
import type { Tiles } from "../../points/tiles.ts";
import type { BlockTask, ExpectationPass } from "../pass.ts";
import { roomOfBlocks } from "../rows-length.ts";

/** E and M of a block. */
export function expectation(
  { program, parameters, measured, lists, rows }: ExpectationPass,
  tiles: Tiles,
  kernels: KernelCache,
): BlockTask {
  const kernel = kernels.get(program);
  kernel.load(parameters, measured);
  const rowsOf = rows && roomOfBlocks(rows, program.shape, tiles);
  return (first, end, slot) => kernel.expectation({ tiles, first, end }, slot, lists, rowsOf?.(first));
}
