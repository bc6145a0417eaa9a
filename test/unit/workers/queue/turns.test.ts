import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { byTurn, type Ticket, ticketFor } from "../../../../packages/workers/src/queue/place.ts";
import { Turns } from "../../../../packages/workers/src/queue/turns.ts";

const ticket = (expected: number, priority = 0) => ticketFor({ priority, expected }, 0);
const long = ticket(1000);
const short = ticket(10);

/** A pass that runs until it is told to end, or asked to. */
function openPass() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { use: () => promise, end: resolve, halt: resolve };
}

describe("tickets", () => {
  test("of greater priority go first, then those due first", () => {
    const all = [ticket(20), ticket(1000, 1), ticket(10), ticket(5, -1)];
    expect(all.toSorted(byTurn).map(({ expected }) => expected)).toEqual([1000, 10, 20, 5]);
  });

  test("of short jobs pass a long one only until it should be done", () => {
    const early = ticketFor({ priority: 0, expected: 10 }, 900);
    const late = ticketFor({ priority: 0, expected: 10 }, 1100);
    expect([late, long, early].toSorted(byTurn)).toEqual([early, long, late]);
  });
});

describe("turns", () => {
  test("are taken side by side by passes of one job", async () => {
    const turns = new Turns();
    const passes = [openPass(), openPass()];
    const taken = passes.map(({ use }) => turns.take(long, use));
    expect(turns.isTaken).toBe(true);
    for (const { end } of passes.reverse()) end();
    await Promise.all(taken);
    expect(turns.isTaken).toBe(false);
  });

  test("are left early for a shorter job, and come back after it", async () => {
    const turns = new Turns();
    const order: string[] = [];
    const [first, second, again] = [openPass(), openPass(), openPass()];
    const left = turns.take(long, first.use, first.halt).then(() => order.push("long left"));
    const taken = turns.take(short, second.use).then(() => order.push("short done"));
    await left;
    const back = turns.take(long, again.use).then(() => order.push("long done"));
    second.end();
    again.end();
    await Promise.all([taken, back]);
    expect(order).toEqual(["long left", "short done", "long done"]);
  });

  test("stay with a job from one pass to the next, while a longer one waits", async () => {
    const turns = new Turns();
    const order: string[] = [];
    const pass = (name: string) => async () => {
      await setImmediate();
      order.push(name);
    };
    const steps = async () => {
      for (const name of ["1", "2", "3"]) await turns.take(short, pass(name));
    };
    await Promise.all([steps(), turns.take(long, pass("long"))]);
    expect(order).toEqual(["1", "2", "3", "long"]);
  });

  test("are not held by what is done with a pass: it may need one of its own", async () => {
    const turns = new Turns();
    const run = async (own: Ticket, pass: string): Promise<string> => {
      await turns.take(own, () => setImmediate());
      return pass === "inner" ? pass : run(own, "inner");
    };
    expect(await Promise.all([run(long, "outer"), run(short, "outer")])).toEqual(["inner", "inner"]);
  });

  test("go on after a pass that failed", async () => {
    const turns = new Turns();
    const failing = turns.take(short, () => Promise.reject(new Error("lost")));
    const next = turns.take(long, () => 7);
    await expect(failing).rejects.toThrow("lost");
    expect(await next).toBe(7);
  });
});
