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
import type { CancelFlag } from "../cancel.ts";
import { abortedWork } from "../errors.ts";
import { BlockLedger } from "../ledger.ts";
import { isShared, type SharedMemory } from "../memory.ts";
import { toMessage } from "../messages/message.ts";
import type { PassTask } from "../messages/protocol.ts";
import { whilePaused, yieldToEvents } from "../pause.ts";
import { pointsIdOf } from "../points-id.ts";
import type { Pool } from "../pool.ts";
import type { JobTurns } from "../queue/job-turns.ts";
import { Attempts } from "./attempts.ts";
import { watch } from "./watchdog.ts";

/** A pass with fewer flops is not handed over: it is done before (about 0.3 ms). The rule sees shapes, never time. */
const SMALL_WORK = 2 ** 22;

/** Nor does one with fewer flops (about 10 ms) that has a single block, or whose job is short while threads are busy. */
const SHORT_WORK = 2 ** 25;

/** Flops of a block that a thread should do in a millisecond, however slow it is. */
const SLOWEST = 1e5;

export interface ParallelExecutorSetting {
  /** Makes the pool when it is first asked for; called only if there is enough work. */
  readonly pool: () => Promise<Pool>;
  readonly threads: number;
  readonly tiles: Tiles;
  readonly programs: KernelPrograms;
  readonly arithmetic: Arithmetic;
  readonly memory: SharedMemory;
  readonly cancel: CancelFlag;
  readonly turns: JobTurns;
  /** how long workers may stand still at one block, in milliseconds */
  readonly stepTimeout: number;
  /** of the points, and of their samples; default: of this thread */
  readonly pointsId?: number | undefined;
}

/**
 * Runs a pass on all workers of a pool. They claim blocks, write the statistics of each block to its own slot and mark
 * it as done. The slots are then read in the order of the blocks, so no timing, thread count or retry can change a bit.
 */
export class ParallelExecutor implements Executor {
  readonly tiles: Tiles;
  readonly programs: KernelPrograms;
  readonly arithmetic: Arithmetic;
  readonly threads: number;
  readonly #pool: () => Promise<Pool>;
  readonly #cancel: CancelFlag;
  readonly #memory: SharedMemory;
  readonly #setting: ParallelExecutorSetting;
  readonly #pointsId: number;
  readonly #kernels: KernelCache;

  constructor(setting: ParallelExecutorSetting, kernels: KernelCache = new KernelCache()) {
    const { pool, threads, tiles, programs, arithmetic, memory, cancel } = setting;
    this.#setting = setting;
    this.#pointsId = setting.pointsId ?? pointsIdOf(tiles);
    this.#kernels = kernels;
    this.#pool = pool;
    this.#cancel = cancel;
    this.#memory = memory;
    this.tiles = tiles;
    this.programs = programs;
    this.arithmetic = arithmetic;
    this.threads = threads;
  }

  async run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T> {
    await whilePaused(this.#cancel);
    if (this.#cancel.isSet) throw abortedWork();
    const { turns } = this.#setting;
    const grid = gridOf(pass, this.tiles);
    const work = passWork(pass, this.tiles);
    const staysHere = grid.blocks === 1 || turns.mustHurry;
    if (work < SMALL_WORK || !isShared(this.tiles) || (work < SHORT_WORK && staysHere)) {
      // The turn ends before the slots are consumed, because that may take a pass of its own.
      const slots = await turns.own(async () => {
        await yieldToEvents();
        return runInThread(this.tiles, pass, this.#kernels);
      });
      return consume(slots);
    }
    const length = slotLength(pass, this.tiles.features);
    // Two loans, because slots have the same size for every pass that leaves statistics: one buffer serves them all.
    return this.lend(grid.blocks * length * 8, (slotsMemory) => {
      const slots = new Float64Array(slotsMemory, 0, grid.blocks * length);
      const ledgerAt = pass.parameters.length * 8;
      return this.lend(ledgerAt + BlockLedger.cellsFor(grid.blocks) * 4, async (memory) => {
        const parameters = new Float64Array(memory, 0, pass.parameters.length);
        parameters.set(pass.parameters);
        const ledger = new Int32Array(memory, ledgerAt, BlockLedger.cellsFor(grid.blocks));
        const shared = { tiles: this.tiles, grid, slotLength: length, slots, ledger, cancel: this.#cancel.cell };
        await this.#complete({ pass: { ...pass, parameters }, pointsId: this.#pointsId, ...shared });
        return consume({ values: slots, blocks: grid.blocks, slotLength: length });
      });
    });
  }

  async pause(): Promise<void> {
    await this.#setting.turns.own(yieldToEvents);
    if (this.#cancel.isSet) throw abortedWork();
  }

  over(tiles: Tiles): Executor {
    return new ParallelExecutor({ ...this.#setting, pointsId: this.#pointsId, tiles }, this.#kernels);
  }

  lend<T>(bytes: number, use: (memory: ArrayBufferLike) => Promise<T>): Promise<T> {
    return this.#memory.lend(bytes, use);
  }

  /** Has the task done by all workers. Where it must give way to another job, it goes on when its turn comes again. */
  async #complete(task: PassTask): Promise<void> {
    const ledger = new BlockLedger(task.ledger, task.grid.blocks);
    const message = toMessage(task);
    const pool = await this.#pool();
    const { turns } = this.#setting;
    ledger.clear();
    const attempts = new Attempts(this.#setting.stepTimeout);
    const workers = Math.min(pool.threads, task.grid.blocks);
    const limit = this.#setting.stepTimeout + passWork(task.pass, this.tiles) / task.grid.blocks / SLOWEST;
    let halted = false;
    const halt = () => {
      halted = true;
      ledger.halt();
    };
    const attempt = async () => {
      halted = false;
      ledger.rewind();
      const replies = Promise.allSettled(Array.from({ length: workers }, () => pool.run(message)));
      const hung = await watch(replies, { limit, progress: () => ledger.done, end: () => pool.replace() });
      if (this.#cancel.isSet) throw abortedWork();
      for (const reply of await replies) {
        if (reply.status === "fulfilled" && !reply.value.ok) throw fromPlainError(reply.value.error);
      }
      if (halted || ledger.complete) return;
      const death = (await replies).find((reply) => reply.status === "rejected");
      attempts.noteFailure(death?.reason ?? "blocks were left undone", hung);
    };
    while (!ledger.complete) await turns.threads(attempt, halt);
  }
}
