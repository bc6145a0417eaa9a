import type { KernelCache } from "../kernels/kernel-cache.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import type { Tiles } from "../points/tiles.ts";
import { blockRange } from "./blocks.ts";
import type { Pass } from "./pass.ts";
import type { Slots } from "./slots.ts";
import { gridOf, openPass, slotLength } from "./table.ts";

/** Runs all blocks, one after the other, in the calling thread. */
export function runInThread(tiles: Tiles, pass: Pass, kernels: KernelCache): Slots {
  const length = slotLength(pass, tiles.features);
  const grid = gridOf(pass, tiles);
  const values = zeros(grid.blocks * length);
  const task = openPass(pass, tiles, kernels);
  for (let block = 0; block < grid.blocks; block++) {
    const { first, end } = blockRange(grid, block);
    task(first, end, values.subarray(block * length, (block + 1) * length));
  }
  return { values, blocks: grid.blocks, slotLength: length };
}
