import type { KernelPrograms } from "../kernels/dispatch.ts";
import type { Arithmetic } from "../kernels/kernel.ts";
import type { Tiles } from "../points/tiles.ts";
import type { Pass } from "./pass.ts";
import type { Slots } from "./slots.ts";

/** Runs passes over points. This is all that EM knows about threads. */
export interface Executor {
  readonly tiles: Tiles;
  readonly programs: KernelPrograms;
  /** the arithmetic of products and sums over points */
  readonly arithmetic: Arithmetic;
  readonly threads: number;
  /** The same executor for other points. Points in memory that threads do not share are treated in one thread. */
  over(tiles: Tiles): Executor;
  /**
   * Lends memory that every thread of this executor can reach, with its last content, until `use` is done. Memory that
   * threads have seen stays alive until they collect garbage, which they rarely do. It is therefore lent, never given
   * away.
   */
  lend<T>(bytes: number, use: (memory: ArrayBufferLike) => Promise<T>): Promise<T>;
  /** Lets events of the thread through that have waited. @throws ABORTED once the work was cancelled */
  pause(): Promise<void>;
  /**
   * Runs a pass over every block, then passes the slots (blocks × slotLength, in the order of the blocks) to `consume`.
   * They are valid until `consume` is done.
   */
  run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T>;
}
