import { EmixError, type Iteration, randomStream, startFrom, type Warning } from "@emix/core";
import { describe, expect, test } from "vitest";
import { emptyComponent, overflow, tooFewDistinctPoints, underflow } from "../../../../packages/core/src/errors.ts";
import { advance, begin, bestOf, type Restart } from "../../../../packages/core/src/fit/restarts.ts";
import { mixtureOf } from "../../../support/scenes.ts";

const { parameters: mixture } = mixtureOf("full", 1, 1, randomStream(1, "m"));
const started = (warnings: Warning[] = [], restart = 0) => begin(restart, async () => ({ mixture, warnings }));
const failing = (error: unknown) => begin(3, () => Promise.reject(error));

async function runAt(lowerBound: number, warnings: Warning[] = [], restart = 0): Promise<Restart> {
  const run = await started([], restart);
  run.state = { ...startFrom(mixture), lowerBound, warnings };
  return run;
}

describe("a start", () => {
  test("begins with its mixture and its warnings, seen in iteration 0", async () => {
    const warning = { code: "COLLAPSED_COMPONENT", component: 0, rank: 0 } as const;
    const run = await started([warning], 2);
    expect(run).toMatchObject({ restart: 2, failure: undefined, history: [] });
    expect(run.state).toEqual({ ...startFrom(mixture), warnings: [warning] });
    expect(run.warnings.list()).toEqual([{ ...warning, firstIteration: 0, lastIteration: 0 }]);
  });

  test.each([emptyComponent(0, 1), overflow(), underflow(0, 0)])("may fail by its numbers: %s", async (error) => {
    const { failure, ...rest } = await failing(error);
    expect(rest).toMatchObject({ restart: 3, state: undefined, history: [] });
    expect(failure).toMatchObject({ code: error.code, details: { ...error.details, iteration: 0 } });
  });

  test.each([tooFewDistinctPoints(1, 2), new TypeError("bug")])(
    "what no other start would mend is thrown: %s",
    async (error) => {
      await expect(failing(error)).rejects.toBe(error);
    },
  );
});

describe("a run", () => {
  const iteration = (at: number): Iteration => ({
    ...startFrom(mixture),
    iteration: at,
    lowerBound: -1 / at,
    warnings: at === 2 ? [{ code: "NON_MONOTONE", fall: 1 }] : [],
  });
  async function* twice() {
    yield iteration(1);
    yield iteration(2);
  }

  test("goes on by iterations, and remembers bounds and warnings", async () => {
    const run = await started([], 4);
    const steps = [];
    for await (const step of advance(run, twice)) steps.push(step);
    expect(steps).toEqual([
      { restart: 4, iteration: 1, lowerBound: -1 },
      { restart: 4, iteration: 2, lowerBound: -0.5 },
    ]);
    expect(run.history).toEqual([-1, -0.5]);
    expect(run.state).toEqual(iteration(2));
    expect(run.warnings.list()).toEqual([{ code: "NON_MONOTONE", fall: 1, firstIteration: 2, lastIteration: 2 }]);
  });

  test("ends where its numbers fail, with what it had", async () => {
    const run = await started();
    const steps = [];
    const failure = overflow(1);
    async function* once() {
      yield iteration(1);
      throw failure;
    }
    for await (const step of advance(run, once)) steps.push(step);
    expect([steps.length, run.failure, run.state]).toEqual([1, failure, iteration(1)]);
    for await (const step of advance(run, twice)) steps.push(step);
    expect(steps.length).toBe(1);
  });

  test("that never began goes nowhere", async () => {
    const run = await failing(overflow());
    for await (const step of advance(run, twice)) expect(step).toBe(undefined);
    expect(run.history).toEqual([]);
  });
});

describe("the best run", () => {
  test("has the greatest bound, and comes first of a tie", async () => {
    const runs = await Promise.all([runAt(-3, [], 0), runAt(-1, [], 1), runAt(-1, [], 2), runAt(-2, [], 3)]);
    expect(bestOf(runs)).toBe(runs[1]);
    expect(bestOf(runs.toReversed())).toBe(runs[2]);
  });

  test.each(["SINGULAR_COVARIANCE", "COLLAPSED_COMPONENT"] as const)("%s: after all without", async (code) => {
    const runs = await Promise.all([runAt(5, [{ code }]), runAt(-1, [{ code: "NEAR_RESOLUTION" }]), runAt(-2)]);
    expect(bestOf(runs)).toBe(runs[1]);
    expect(bestOf(runs.slice(0, 1))).toBe(runs[0]);
  });

  test("is none that failed; where all did, the first failure is thrown", async () => {
    const [failed, other] = [await failing(overflow(0)), await failing(underflow(0, 0))];
    const alive = await runAt(-9);
    expect(bestOf([failed, alive])).toBe(alive);
    expect(() => bestOf([failed, other])).toThrow(EmixError);
    expect(() => bestOf([failed, other])).toThrow(failed.failure?.message);
  });
});
