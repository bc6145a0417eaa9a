import { closeSync, openSync, readFileSync } from "node:fs";
import { collect, runStart as makeStart, runTask as run, wake } from "../../packages/workers/src/emix-worker.ts";
import { fromMessage, type Message } from "../../packages/workers/src/messages/message.ts";
import type { PassTask, StartReply, StartTask, TaskReply } from "../../packages/workers/src/messages/protocol.ts";

// A real worker that dies once: EMIX_FAULT = "<way>:<task>:<marker file>:<blocks>". At its task number <task> it claims some
// blocks (one by default), spoils their slots, and dies or hangs without marking them done; with the ways "start" and "hang-start" it does so in
// its start number <task>. The marker file makes it the only one to do so; without one, every worker does.
const [way, at, marker, blocks = "1"] = (process.env.EMIX_FAULT ?? "").split(":");

export { collect, wake };

let tasks = 0;
let starts = 0;

export function runTask(message: Message<PassTask>): TaskReply | Promise<TaskReply> {
  const task = fromMessage(message);
  tasks += 1;
  if (!way.includes("start") && tasks === Number(at) && firstToFail()) {
    for (let left = Number(blocks); left > 0; left--) spoil(task);
    return die();
  }
  return run(message);
}

export function runStart(task: Message<StartTask>): Promise<Message<StartReply>> {
  starts += 1;
  if (way === "start" && starts === Number(at) && firstToFail()) setTimeout(() => process.exit(3), 5);
  if (way === "hang-start" && starts === Number(at) && firstToFail()) hang("wait");
  return makeStart(task);
}

function spoil({ ledger, slots, slotLength, grid }: PassTask): void {
  const block = Atomics.add(ledger, 0, 1);
  if (block < grid.blocks) slots.fill(Number.NaN, block * slotLength, (block + 1) * slotLength);
}

function firstToFail(): boolean {
  if (marker === "") return true;
  try {
    closeSync(openSync(marker, "wx"));
    return true;
  } catch {
    return false;
  }
}

function die(): Promise<TaskReply> {
  if (way === "exit") process.exit(3);
  if (way === "throw") throw new Error("a failure that no reply tells of");
  if (way.startsWith("hang")) hang(way.slice("hang-".length));
  if (way === "uncaught") setImmediate(() => Promise.reject(new Error("unheard")));
  return new Promise(() => {});
}

/** Never comes back, unless by "promise", which merely never answers. */
function hang(how: string): void {
  if (how === "wait") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (how === "spin") for (;;);
  if (how === "microtasks") {
    const again = (): void => queueMicrotask(again);
    again();
  }
  if (how === "compile") for (;;) new Function("return 1")();
  if (how === "wasm") endlessLoop();
  // Opening a pipe that nobody writes to is a call of the system that does not come back.
  if (how === "system") readFileSync(`${marker}.pipe`);
  if (how === "allocate") for (;;) new Uint8Array(1024);
}

/** (func (export "f") (loop (br 0))) */
function endlessLoop(): void {
  const code = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11,
    11,
  ];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(code)));
  (exports.f as () => void)();
}
