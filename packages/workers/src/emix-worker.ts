import { blockRange, doAlone, KernelCache, KernelPrograms, openPass, toPlainError } from "@emix/core";
import { CancelFlag } from "./cancel.ts";
import { SoloExecutor } from "./executors/solo-executor.ts";
import { PLAIN_COMPILERS } from "./kernels/compile.ts";
import { BlockLedger } from "./ledger.ts";
import { fromMessage, type Message, toMessage } from "./messages/message.ts";
import type { PassTask, StartReply, StartTask, TaskReply } from "./messages/protocol.ts";
import { collectGarbage, SeenPoints } from "./v8/garbage.ts";

const kernels = new KernelCache();
const seen = new SeenPoints();

/** Does nothing: who hears the answer knows that the worker has started. Piscina calls it by its name. */
export function wake(): void {}

/** Lets go of shared memory that nothing here uses any more. Piscina calls it by its name. */
export function collect(): void {
  collectGarbage();
}

/** One worker's share of a pass: it claims blocks until none is left. Piscina calls it by its name. */
export function runTask(message: Message<PassTask>): TaskReply {
  try {
    const task = fromMessage(message);
    seen.note(task.pointsId, task.tiles.data.byteLength);
    computeBlocks(task);
    return { ok: true };
  } catch (error) {
    return { ok: false, error: toPlainError(error) };
  }
}

/** Does a job alone. Piscina calls it by its name. */
export async function runStart(message: Message<StartTask>): Promise<Message<StartReply>> {
  return toMessage(await startReply(fromMessage(message)));
}

async function startReply({ job, settings, modules, cancel }: StartTask): Promise<StartReply> {
  try {
    const programs = new KernelPrograms(settings, { ...PLAIN_COMPILERS, compiled: modules });
    const executor = new SoloExecutor(job.sample, { programs, cancel: new CancelFlag(cancel), kernels });
    return { ok: true, start: await doAlone(executor, job) };
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
