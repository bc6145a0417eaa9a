import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Demand, JobQueue } from "../../../../packages/workers/src/queue/job-queue.ts";

/** A queue, and jobs that run until they are told to end. */
function scene(maxConcurrent: number, maxQueue = 100, free: () => number = () => Number.POSITIVE_INFINITY) {
  const queue = new JobQueue({ maxConcurrent, maxQueue }, free);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const enter = (name: string, asked: Partial<Demand> = {}, signal?: AbortSignal) =>
    queue.enter(
      { expected: 1000, priority: 0, bytes: 0, ...asked },
      () => {
        begun.push(name);
        const { promise, resolve } = Promise.withResolvers<string>();
        ends.set(name, () => resolve(name));
        return promise;
      },
      signal,
    );
  const end = async (name: string) => {
    ends.get(name)?.();
    await setImmediate();
  };
  return { queue, begun, enter, end };
}

describe("a queue of fits", () => {
  test("begins the shortest first, those of greater priority before", async () => {
    const { begun, enter, end } = scene(1);
    const all = [
      enter("first"),
      enter("long", { expected: 9000 }),
      enter("short", { expected: 100 }),
      enter("urgent", { expected: 9000, priority: 1 }),
    ];
    await setImmediate();
    for (const name of ["first", "urgent", "short", "long"]) await end(name);
    expect(await Promise.all(all)).toEqual(["first", "long", "short", "urgent"]);
    expect(begun).toEqual(["first", "urgent", "short", "long"]);
  });

  test("lets tiny ones begin at once", async () => {
    const { begun, enter, end } = scene(1);
    const all = [enter("big"), enter("waits"), enter("tiny", { expected: 1 })];
    await setImmediate();
    expect(begun.toSorted()).toEqual(["big", "tiny"]);
    for (const name of ["tiny", "big", "waits"]) await end(name);
    await Promise.all(all);
  });

  test("begins one only when there is memory for it, and the only one in any case", async () => {
    const { begun, enter, end } = scene(8, 100, () => 100);
    const all = [enter("vast", { bytes: 500 }), enter("a", { bytes: 60 }), enter("b", { bytes: 60 })];
    await setImmediate();
    expect(begun).toEqual(["vast"]);
    await end("vast");
    expect(begun).toEqual(["vast", "a"]);
    await end("a");
    await end("b");
    await Promise.all(all);
  });

  test("refuses one too many, and says when to try again", async () => {
    const { enter, end } = scene(1, 1);
    const all = [enter("one"), enter("two")];
    await setImmediate();
    const details = { present: 2, maxQueue: 1, retryAfter: expect.any(Number) as number };
    await expect(enter("three")).rejects.toMatchObject({ code: "QUEUE_FULL", details });
    await end("one");
    await end("two");
    await Promise.all(all);
  });

  test("lets one go whose signal fires while it waits", async () => {
    const { begun, enter, end } = scene(1);
    const controller = new AbortController();
    const one = enter("one");
    const gone = enter("gone", {}, controller.signal);
    await setImmediate();
    controller.abort();
    await expect(gone).rejects.toMatchObject({ code: "ABORTED" });
    await end("one");
    await one;
    expect(begun).toEqual(["one"]);
  });

  test("drains: what is there ends, what comes is refused", async () => {
    const { queue, begun, enter, end } = scene(1);
    const all = [enter("one"), enter("two")];
    let drained = false;
    const drain = queue.drain().then(() => {
      drained = true;
    });
    await setImmediate();
    await expect(enter("late")).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
    await expect(queue.pass(async () => 1)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
    await end("one");
    expect(drained).toBe(false);
    await end("two");
    await Promise.all([drain, ...all]);
    expect(begun).toEqual(["one", "two"]);
    await queue.drain();
  });

  test("closes: what waits is refused", async () => {
    const { queue, enter, end } = scene(1);
    const one = enter("one");
    const two = enter("two");
    await setImmediate();
    queue.close();
    await expect(two).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
    await end("one");
    expect(await one).toBe("one");
  });
});
