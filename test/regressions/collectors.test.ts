import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";

const GARBAGE = new URL("../../packages/workers/src/v8/garbage.ts", import.meta.url).href;
/** Waits until all threads are ready, so that they ask V8 for its collector at the same moment. */
const ASK = `
  import { workerData } from "node:worker_threads";
  import { collectGarbage } from ${JSON.stringify(GARBAGE)};
  const ready = new Int32Array(workerData.memory);
  Atomics.add(ready, 0, 1);
  while (Atomics.load(ready, 0) < workerData.threads);
  collectGarbage();
`;

async function ended(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => {
    worker.once("error", resolve);
    worker.once("exit", resolve);
  });
}

// V8's flag for its collector holds for the whole process: fits ended with "gc is not defined".
test("threads that ask for V8's collector at the same moment all go on", { timeout: 60_000 }, async () => {
  const threads = 6;
  for (let round = 0; round < 5; round++) {
    const memory = new SharedArrayBuffer(4);
    const source = new URL(`data:text/javascript,${encodeURIComponent(ASK)}`);
    const workers = Array.from({ length: threads }, () => new Worker(source, { workerData: { memory, threads } }));
    expect(await Promise.all(workers.map(ended))).toEqual(new Array(threads).fill(0));
  }
});
