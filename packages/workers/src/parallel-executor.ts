import {
  type Arithmetic,
  type Executor,
  fromPlainError,
  gridOf,
  KernelCache,
  type KernelPrograms,
  type Pass,
  passWork,
  runInThread,
  type Slots,
  slotLength,
  type Tiles,
} from "@emix/core";
import type { CancelFlag } from "./cancel.ts";
import { aborted, workerLost } from "./errors.ts";
import { BlockLedger } from "./ledger.ts";
import type { SharedMemory } from "./memory.ts";
import { yieldToEvents } from "./pause.ts";
import type { Pool } from "./pool.ts";
import type { PassTask } from "./protocol.ts";

/** Times that a pass is taken up again after workers died, before the fit gives up. */
const RETRIES = 3;

/** Flops below which a pass costs less than to hand it over: about 0.3 ms. A rule on shapes, never on time. */
const SMALL_WORK = 2 ** 22;

export interface ParallelExecutorSetting {
  /** Gives the pool; asked only when there is enough work for it. */
  readonly pool: () => Pool;
  readonly threads: number;
  readonly tiles: Tiles;
  readonly programs: KernelPrograms;
  readonly arithmetic: Arithmetic;
  readonly memory: SharedMemory;
  readonly cancel: CancelFlag;
}

/**
 * Runs a pass on all workers of a pool: they claim blocks, write each block's statistics to its own slot and mark it
 * done. The slots are then read in the order of the blocks, so no timing, thread count or retry can change a bit.
 */
export class ParallelExecutor implements Executor {
  readonly tiles: Tiles;
  readonly programs: KernelPrograms;
  readonly arithmetic: Arithmetic;
  readonly threads: number;
  readonly #pool: () => Pool;
  readonly #cancel: CancelFlag;
  readonly #memory: SharedMemory;
  readonly #kernels = new KernelCache();

  constructor({ pool, threads, tiles, programs, arithmetic, memory, cancel }: ParallelExecutorSetting) {
    this.#pool = pool;
    this.#cancel = cancel;
    this.#memory = memory;
    this.tiles = tiles;
    this.programs = programs;
    this.arithmetic = arithmetic;
    this.threads = threads;
  }

  async run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T> {
    if (this.#cancel.isSet) throw aborted();
    if (passWork(pass, this.tiles) < SMALL_WORK) {
      await yieldToEvents();
      return consume(runInThread(this.tiles, pass, this.#kernels));
    }
    const length = slotLength(pass, this.tiles.features);
    const grid = gridOf(pass, this.tiles);
    // Two loans: slots are the same size for every pass that leaves statistics, so one buffer serves them all.
    return this.lend(grid.blocks * length * 8, (slotsMemory) => {
      const slots = new Float64Array(slotsMemory, 0, grid.blocks * length);
      const ledgerAt = pass.parameters.length * 8;
      return this.lend(ledgerAt + BlockLedger.cellsFor(grid.blocks) * 4, async (memory) => {
        const parameters = new Float64Array(memory, 0, pass.parameters.length);
        parameters.set(pass.parameters);
        const ledger = new Int32Array(memory, ledgerAt, BlockLedger.cellsFor(grid.blocks));
        const shared = { tiles: this.tiles, grid, slotLength: length, slots, ledger, cancel: this.#cancel.cell };
        await this.#complete({ pass: { ...pass, parameters }, ...shared });
        return consume({ values: slots, blocks: grid.blocks, slotLength: length });
      });
    });
  }

  lend<T>(bytes: number, use: (memory: ArrayBufferLike) => Promise<T>): Promise<T> {
    return this.#memory.lend(bytes, use);
  }

  /** Posts the task to every worker until all blocks are done. */
  async #complete(task: PassTask): Promise<void> {
    const ledger = new BlockLedger(task.ledger, task.grid.blocks);
    const pool = this.#pool();
    const workers = Math.min(pool.threads, task.grid.blocks);
    ledger.clear();
    let lastDeath: unknown;
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      ledger.rewind();
      const replies = await Promise.allSettled(Array.from({ length: workers }, () => pool.run(task)));
      if (this.#cancel.isSet) throw aborted();
      for (const reply of replies) {
        if (reply.status === "rejected") lastDeath = reply.reason;
        else if (!reply.value.ok) throw fromPlainError(reply.value.error);
      }
      if (ledger.complete) return;
    }
    throw workerLost(RETRIES + 1, lastDeath);
  }
}
