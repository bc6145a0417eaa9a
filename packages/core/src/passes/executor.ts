import type { KernelPrograms } from "../kernels/dispatch.ts";
import type { Arithmetic } from "../kernels/kernel.ts";
import type { KernelCache } from "../kernels/kernel-cache.ts";
import type { CompensatedSums } from "../linear-algebra/compensated-sum.ts";
import { type ChosenPoints, gatheringTiles } from "../points/gather.ts";
import { withPauses } from "../points/stretches.ts";
import { areHere, type Tiles, type TilesFacts } from "../points/tiles.ts";
import type { Pass } from "./pass.ts";
import type { Slots } from "./slots.ts";

/** Runs passes over points. This is all that EM knows about threads and machines. */
export type AnyExecutor = Executor | RemoteExecutor;

/** Runs passes over points that this thread can read. */
export interface Executor extends PassRunner {
  readonly tiles: Tiles;
  /** the kernels of its thread, if it runs every pass there; with them, work can be done without passes */
  readonly kernels?: KernelCache;
}

/** Runs passes over points that lie elsewhere. Passes write arrays over points, and read none. */
export interface RemoteExecutor extends PassRunner {
  readonly tiles: TilesFacts;
  /** Runs a pass over every block, and adds the slots by the tree of `statistics/partial-sums.ts`. */
  sums(pass: Pass): Promise<CompensatedSums>;
  /** Copies points, as they are stored, to tiles of doubles. in: memory of at least `gatheredBytes`, with any content */
  gather(chosen: ChosenPoints, memory: ArrayBufferLike): Promise<Tiles>;
}

/** What all executors have. */
interface PassRunner {
  readonly programs: KernelPrograms;
  /** the arithmetic of products and sums over points */
  readonly arithmetic: Arithmetic;
  readonly threads: number;
  /** An executor for other points. Points in memory that threads do not share are treated in one thread. */
  over(tiles: Tiles): Executor;
  /**
   * Lends memory that every thread of this executor can reach, with its last content, until `use` is done. Memory that
   * threads have seen stays alive until they collect garbage, which they rarely do. It is therefore lent, never given
   * away.
   */
  lend<T>(bytes: number, use: (memory: ArrayBufferLike) => Promise<T>): Promise<T>;
  /** Lets waiting events of the thread through. @throws ABORTED once the work was cancelled */
  pause(): Promise<void>;
  /**
   * Runs a pass over every block, then passes the slots (blocks × slotLength, in the order of the blocks) to `consume`.
   * They are valid until `consume` is done.
   */
  run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T>;
}

export function isLocal(executor: AnyExecutor): executor is Executor {
  return areHere(executor.tiles);
}

/** Copies points, as they are stored, to tiles of doubles. in: memory of at least `gatheredBytes`, with any content */
export async function gather(executor: AnyExecutor, chosen: ChosenPoints, memory: ArrayBufferLike): Promise<Tiles> {
  if (!isLocal(executor)) return executor.gather(chosen, memory);
  return withPauses(gatheringTiles(executor.tiles, chosen, memory), () => executor.pause());
}
