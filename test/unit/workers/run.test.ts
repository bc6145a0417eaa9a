import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Run } from "../../../packages/workers/src/run.ts";
import { law } from "../../support/laws.ts";

/** Work that tells its steps in batches, a turn of the event loop apart, and gives how many there were. */
function runOf(batches: readonly (readonly number[])[]): Run<number, number> {
  return new Run(async (tell) => {
    for (const batch of batches) {
      tell(batch);
      await nextTurn();
    }
    return batches.flat().length;
  });
}

async function stepsOf(run: AsyncIterable<number>): Promise<number[]> {
  const steps: number[] = [];
  for await (const step of run) steps.push(step);
  return steps;
}

describe("work under way", () => {
  const batches = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 6 });
  law("gives each step once and in order to all who iterate it, early or late", batches, 50, async (told) => {
    const run = runOf(told);
    const together = await Promise.all([stepsOf(run), stepsOf(run), run]);
    expect(together).toEqual([told.flat(), told.flat(), told.flat().length]);
    expect(await stepsOf(run)).toEqual(told.flat());
  });

  test("a step is there before the work ends", async () => {
    const end = Promise.withResolvers<string>();
    const run = new Run<number, string>((tell) => {
      tell([1]);
      return end.promise;
    });
    const steps = run[Symbol.asyncIterator]();
    expect(await steps.next()).toEqual({ value: 1, done: false });
    const last = steps.next();
    end.resolve("done");
    expect(await last).toEqual({ value: undefined, done: true });
    expect(await run).toBe("done");
  });

  test("a failure comes after the steps before it, to the iteration and to the promise", async () => {
    const run = new Run<number, never>(async (tell) => {
      tell([1, 2]);
      await nextTurn();
      throw new Error("a failure");
    });
    const steps: number[] = [];
    const iteration = (async () => {
      for await (const step of run) steps.push(step);
    })();
    await expect(iteration).rejects.toThrow("a failure");
    expect(steps).toEqual([1, 2]);
    await expect(run).rejects.toThrow("a failure");
    expect(await run.catch(String)).toBe("Error: a failure");
  });

  test("a failure that is iterated is never unhandled", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listener);
    await stepsOf(new Run<number, never>(() => Promise.reject(new Error("at once")))).catch(() => {});
    await nextTurn();
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });

  test("leaving an iteration leaves the work alone", async () => {
    const run = runOf([[1], [2], [3]]);
    for await (const step of run) if (step === 1) break;
    expect(await run).toBe(3);
  });

  test("finally runs once, whatever the end", async () => {
    let calls = 0;
    expect(await runOf([[1]]).finally(() => calls++)).toBe(1);
    await expect(new Run(() => Promise.reject(new Error("no"))).finally(() => calls++)).rejects.toThrow("no");
    expect(calls).toBe(2);
  });
});
