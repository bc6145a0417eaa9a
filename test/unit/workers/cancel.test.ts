import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { CancelFlag } from "../../../packages/workers/src/cancel.ts";
import { abortedWork } from "../../../packages/workers/src/errors.ts";
import { expectFailure } from "../../support/failures.ts";

test("a flag is seen by all that share its cell, from when it is set", () => {
  const flag = new CancelFlag();
  const elsewhere = new CancelFlag(flag.cell);
  expect([flag.isSet, elsewhere.isSet, new CancelFlag().isSet]).toEqual([false, false, false]);
  elsewhere.set();
  elsewhere.set();
  expect([flag.isSet, elsewhere.isSet, new CancelFlag().isSet]).toEqual([true, true, false]);
});

test("a thread that does nothing but look at the flag is stopped", { timeout: 10_000 }, async () => {
  const module = new URL("../../../packages/workers/src/cancel.ts", import.meta.url).href;
  const code = `import { parentPort, workerData } from "node:worker_threads";
    import { CancelFlag } from ${JSON.stringify(module)};
    const flag = new CancelFlag(workerData);
    parentPort.postMessage("looking");
    while (!flag.isSet);`;
  const flag = new CancelFlag();
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: flag.cell,
    execArgv: [],
  });
  await new Promise((resolve) => worker.once("message", resolve));
  const exit = new Promise((resolve) => worker.once("exit", resolve));
  flag.set();
  expect(await exit).toBe(0);
});

test("the error of aborted work keeps the signal's reason", () => {
  const reason = new Error("the user closed the window");
  const error = expectFailure(
    () => {
      throw abortedWork(reason);
    },
    "ABORTED",
    "The work was stopped by its signal before it was done.",
  );
  expect(error.cause).toBe(reason);
});
