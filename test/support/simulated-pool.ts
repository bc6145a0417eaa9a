import { setImmediate } from "node:timers/promises";
import { type Random, randomStream } from "@emix/core";
import { runStart, runTask } from "../../packages/workers/src/emix-worker.ts";
import { fromMessage, toMessage } from "../../packages/workers/src/messages/message.ts";
import type { PassTask, TaskReply } from "../../packages/workers/src/messages/protocol.ts";
import type { Pool } from "../../packages/workers/src/pool.ts";

/** What happens to a task. */
type Fate = "done" | "late" | "twice" | "dies first" | "dies at a block" | "dies after" | "leaves early";

const FATES: readonly Fate[] = ["done", "late", "twice", "dies first", "dies at a block", "dies after", "leaves early"];

/** A pool with faults, and what happened in it. */
export interface SimulatedPool extends Pool {
  readonly fates: Map<Fate, number>;
}

/**
 * A pool in this thread whose tasks meet a fate drawn from a seed: they come late and in another order, are done twice, die
 * before, in or after their work. in: share of the tasks that something happens to
 */
export function simulatedPool(threads: number, seed: string | number, share: number): SimulatedPool {
  const random = randomStream(seed, "fates", 0);
  const fates = new Map<Fate, number>();
  const draw = (): Fate => {
    const fate = random.uniform() < share ? FATES[Math.floor(random.uniform() * FATES.length)] : "done";
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
    return fate;
  };
  return {
    threads,
    fates,
    ready: async () => {},
    collect: async () => {},
    run: (message) => meet(draw(), fromMessage(message), random),
    start: async (task) => fromMessage(await runStart(toMessage(task))),
    replace: async () => {},
    close: async () => {},
  };
}

async function meet(fate: Fate, task: PassTask, random: Random): Promise<TaskReply> {
  const turns = fate === "late" ? 5 : Math.floor(random.uniform() * 3);
  for (let turn = 0; turn < turns; turn++) await setImmediate();
  if (fate === "dies first") throw new Error("died");
  if (fate === "dies at a block") claimAndSpoil(task);
  const reply = fate === "leaves early" ? ({ ok: true } as const) : runTask(toMessage(task));
  if (fate === "twice") runTask(toMessage({ ...task, ledger: rewound(task) }));
  if (fate === "dies after" || fate === "dies at a block") throw new Error("died");
  return reply;
}

/** A thread that dies in a block has claimed it and written part of its slot. */
function claimAndSpoil({ ledger, grid, slots, slotLength }: PassTask): void {
  const block = Atomics.add(ledger, 0, 1);
  if (block < grid.blocks) slots.fill(Number.NaN, block * slotLength, (block + 1) * slotLength);
}

/** The ledger of a thread that does some blocks a second time, because it saw no mark. */
function rewound({ ledger, grid }: PassTask): Int32Array {
  const own = ledger.slice();
  own.fill(0, 1, 1 + Math.min(3, grid.blocks));
  own[0] = 0;
  return own;
}
