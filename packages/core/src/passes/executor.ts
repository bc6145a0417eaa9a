import { type KernelChoice, KernelPrograms } from "../kernels/dispatch.ts";
import type { Arithmetic } from "../kernels/kernel.ts";
import { KernelCache } from "../kernels/kernel-cache.ts";
import type { Tiles } from "../points/tiles.ts";
import { blockRange } from "./blocks.ts";
import { gridOf, openPass, type Pass, slotLength } from "./pass.ts";

/** Runs passes over points. EM knows no more of threads than this. */
export interface Executor {
  readonly tiles: Tiles;
  readonly programs: KernelPrograms;
  /** of the products and sums over points */
  readonly arithmetic: Arithmetic;
  readonly threads: number;
  /**
   * Lends memory that every thread of this executor can reach, with what it last held, until `use` is done. What
   * threads have seen stays alive until they collect garbage, which they rarely do; so it is lent, never given away.
   */
  lend<T>(bytes: number, use: (memory: ArrayBufferLike) => Promise<T>): Promise<T>;
  /**
   * Runs a pass over every block, then hands over the slots, blocks × slotLength in the order of the blocks; they are
   * valid until `consume` is done.
   */
  run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T>;
}

export interface Slots {
  readonly values: Float64Array;
  readonly blocks: number;
  readonly slotLength: number;
}

/** All blocks, one after the other, on the calling thread. */
export function runInThread(tiles: Tiles, pass: Pass, kernels: KernelCache): Slots {
  const length = slotLength(pass, tiles.features);
  const grid = gridOf(pass, tiles);
  const values = new Float64Array(grid.blocks * length);
  const task = openPass(pass, tiles, kernels);
  for (let block = 0; block < grid.blocks; block++) {
    const { first, end } = blockRange(grid, block);
    task(first, end, values.subarray(block * length, (block + 1) * length));
  }
  return { values, blocks: grid.blocks, slotLength: length };
}

/** The executor without threads: same blocks, same order, same bits. */
export function inThreadExecutor(tiles: Tiles, kernel: KernelChoice = "reference"): Executor {
  const kernels = new KernelCache();
  return {
    tiles,
    programs: new KernelPrograms({ kernel }),
    arithmetic: "f64",
    threads: 1,
    lend: (bytes, use) => use(new ArrayBuffer(bytes)),
    run: async (pass, consume) => consume(runInThread(tiles, pass, kernels)),
  };
}
