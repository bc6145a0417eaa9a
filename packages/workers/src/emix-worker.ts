import { blockRange, KernelCache, KernelPrograms, makeStart, openPass, toPlainError } from "@emix/core";
import { CancelFlag } from "./cancel.ts";
import { SoloExecutor } from "./executors/solo-executor.ts";
import { SeenPoints } from "./garbage.ts";
import { compilers } from "./kernels/compile.ts";
import { BlockLedger } from "./ledger.ts";
import type { PassTask, StartReply, StartTask, TaskReply } from "./protocol.ts";

const kernels = new KernelCache();
const seen = new SeenPoints();

/** Does nothing: who hears the answer knows that the worker has started. Piscina calls it by its name. */
export function wake(): void {}

/** One worker's share of a pass: it claims blocks until none is left. Piscina calls it by its name. */
export function runTask(task: PassTask): TaskReply {
  try {
    seen.note(task.pointsId, task.tiles.data.byteLength);
    computeBlocks(task);
    return { ok: true };
  } catch (error) {
    return { ok: false, error: toPlainError(error) };
  }
}

/** Makes a start. Piscina calls it by its name. */
export async function runStart({ job, settings, modules, cancel }: StartTask): Promise<StartReply> {
  try {
    const programs = new KernelPrograms(settings, { ...compilers(), packed: null, compiled: modules });
    const executor = new SoloExecutor(job.sample, { programs, cancel: new CancelFlag(cancel), kernels });
    return { ok: true, start: await makeStart(executor, job) };
  } catch (error) {
    return { ok: false, error: toPlainError(error) };
  }
}

function computeBlocks({ pass, tiles, grid, slotLength, slots, ledger: cells, cancel }: PassTask): void {
  const ledger = new BlockLedger(cells, grid.blocks);
  const cancelled = new CancelFlag(cancel);
  const compute = openPass(pass, tiles, kernels);
  while (!cancelled.isSet) {
    const block = ledger.claim();
    if (block < 0) return;
    const { first, end } = blockRange(grid, block);
    compute(first, end, slots.subarray(block * slotLength, (block + 1) * slotLength));
    ledger.markDone(block);
  }
}
