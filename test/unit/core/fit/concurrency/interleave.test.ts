import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { interleave } from "../../../../../packages/core/src/fit/concurrency/interleave.ts";

async function* counting(name: string, count: number, pause = 0): AsyncGenerator<string, void> {
  for (let i = 0; i < count; i++) {
    if (pause > 0) await delay(pause);
    yield `${name}${i}`;
  }
}

async function* failing(after: number): AsyncGenerator<string, void> {
  yield* counting("f", after);
  throw new Error("broken");
}

async function collect(generator: AsyncGenerator<string, void>): Promise<string[]> {
  const all: string[] = [];
  for await (const value of generator) all.push(value);
  return all;
}

/** Unhandled rejections seen during the test. */
function unhandled(): unknown[] {
  const seen: unknown[] = [];
  const listener = (reason: unknown) => seen.push(reason);
  process.on("unhandledRejection", listener);
  onTestFinished(() => {
    process.off("unhandledRejection", listener);
  });
  return seen;
}

describe("interleave", () => {
  test("nothing to run yields nothing", async () => {
    expect(await collect(interleave([], 3))).toEqual([]);
  });

  test.each([1, 2, 5])("yields every value, each generator's in its order, %i at once", async (limit) => {
    const all = await collect(interleave([counting("a", 3, 2), counting("b", 0), counting("c", 4)], limit));
    expect(all.filter((value) => value.startsWith("a"))).toEqual(["a0", "a1", "a2"]);
    expect(all.filter((value) => value.startsWith("c"))).toEqual(["c0", "c1", "c2", "c3"]);
    expect(all.length).toBe(7);
  });

  test("a limit of 1 runs one after the other", async () => {
    const all = await collect(interleave([counting("a", 2, 3), counting("b", 2)], 1));
    expect(all).toEqual(["a0", "a1", "b0", "b1"]);
  });

  test("never runs more than the limit", async () => {
    let running = 0;
    let most = 0;
    const busy = async function* (): AsyncGenerator<string, void> {
      running += 1;
      most = Math.max(most, running);
      await delay(2);
      running -= 1;
      yield "done";
    };
    await collect(interleave([busy(), busy(), busy(), busy(), busy()], 2));
    expect(most).toBe(2);
  });

  test("a failure reaches the consumer once the others stand still", async () => {
    const seen = unhandled();
    let ended = false;
    const slow = async function* (): AsyncGenerator<string, void> {
      await delay(10);
      ended = true;
      yield "slow";
    };
    await expect(collect(interleave([slow(), failing(1)], 2))).rejects.toThrow("broken");
    expect(ended).toBe(true);
    await delay(5);
    expect(seen).toEqual([]);
  });

  test("several failures leave no unhandled rejection", async () => {
    const seen = unhandled();
    await expect(collect(interleave([failing(0), failing(0), failing(1)], 3))).rejects.toThrow("broken");
    await delay(5);
    expect(seen).toEqual([]);
  });

  test("a failure while the consumer is busy waits for it, handled", async () => {
    const seen = unhandled();
    const running = interleave([failing(1), counting("a", 3, 1)], 2);
    const slowly = async () => {
      for await (const _ of running) await delay(15);
    };
    await expect(slowly()).rejects.toThrow("broken");
    expect(seen).toEqual([]);
  });

  test("a consumer that leaves early leaves no unhandled rejection", async () => {
    const seen = unhandled();
    for await (const _ of interleave([counting("a", 5), failing(1)], 2)) break;
    await delay(5);
    expect(seen).toEqual([]);
  });
});
