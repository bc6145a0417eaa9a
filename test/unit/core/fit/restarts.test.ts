import { EmixError, startFrom, type Warning } from "@emix/core";
import { describe, expect, test } from "vitest";
import { emptyComponent, overflow, tooFewDistinctPoints, underflow } from "../../../../packages/core/src/errors.ts";
import {
  advance,
  begin,
  bestOf,
  type Iterate,
  isUnderWay,
  type Restart,
} from "../../../../packages/core/src/fit/restarts.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import type { Iteration } from "../../../../packages/core/src/step/iteration.ts";
import { mixtureOf } from "../../../support/scenes.ts";

const { parameters: mixture } = mixtureOf("full", 1, 1, randomStream(1, "m"));
async function* nothing(): AsyncGenerator<Iteration, void> {}
const started = (warnings: Warning[] = [], restart = 0, iterate: Iterate = nothing) =>
  begin(restart, async () => startFrom(mixture, warnings), iterate);
const failing = (error: unknown) => begin(3, () => Promise.reject(error), nothing);

async function restartAt(lowerBound: number, warnings: Warning[] = [], index = 0): Promise<Restart> {
  const restart = await started([], index);
  restart.state = { ...startFrom(mixture), lowerBound, warnings };
  return restart;
}

describe("a start", () => {
  test("begins with its mixture and its warnings, seen in iteration 0", async () => {
    const warning = { code: "COLLAPSED_COMPONENT", component: 0, rank: 0 } as const;
    const restart = await started([warning], 2);
    expect(restart).toMatchObject({ restart: 2, failure: undefined, history: [] });
    expect(restart.state).toEqual({ ...startFrom(mixture), warnings: [warning] });
    expect(restart.warnings.list()).toEqual([{ ...warning, firstIteration: 0, lastIteration: 0 }]);
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

describe("a restart", () => {
  const iteration = (at: number): Iteration => ({
    ...startFrom(mixture),
    iteration: at,
    lowerBound: -1 / at,
    warnings: at === 2 ? [{ code: "NON_MONOTONE", fall: 1 }] : [],
  });
  async function* twice({ iteration: from }: Iteration) {
    for (let at = from + 1; at <= 2; at++) yield iteration(at);
  }

  test("goes on by iterations, and remembers bounds and warnings", async () => {
    const restart = await started([], 4, twice);
    const steps = [];
    for await (const step of advance(restart, 1)) steps.push(step);
    expect([steps.length, isUnderWay(restart)]).toEqual([1, true]);
    for await (const step of advance(restart, 1)) steps.push(step);
    for await (const step of advance(restart, 9)) steps.push(step);
    expect(isUnderWay(restart)).toBe(false);
    expect(steps).toEqual([
      { restart: 4, iteration: 1, lowerBound: -1 },
      { restart: 4, iteration: 2, lowerBound: -0.5 },
    ]);
    expect(restart.history).toEqual([-1, -0.5]);
    expect(restart.state).toEqual(iteration(2));
    expect(restart.warnings.list()).toEqual([{ code: "NON_MONOTONE", fall: 1, firstIteration: 2, lastIteration: 2 }]);
  });

  test("ends where its numbers fail, with what it had", async () => {
    const failure = overflow(1);
    async function* once() {
      yield iteration(1);
      throw failure;
    }
    const restart = await started([], 0, once);
    const steps = [];
    for await (const step of advance(restart, 9)) steps.push(step);
    expect([steps.length, restart.failure, restart.state]).toEqual([1, failure, iteration(1)]);
    for await (const step of advance(restart, 9)) steps.push(step);
    expect([steps.length, isUnderWay(restart)]).toEqual([1, false]);
  });

  test("that never began goes nowhere", async () => {
    const restart = await failing(overflow());
    for await (const step of advance(restart, 9)) expect(step).toBe(undefined);
    expect(restart.history).toEqual([]);
  });
});

describe("the best restart", () => {
  test("has the greatest bound, and comes first of a tie", async () => {
    const restarts = await Promise.all([
      restartAt(-3, [], 0),
      restartAt(-1, [], 1),
      restartAt(-1, [], 2),
      restartAt(-2, [], 3),
    ]);
    expect(bestOf(restarts)).toBe(restarts[1]);
    expect(bestOf(restarts.toReversed())).toBe(restarts[2]);
  });

  test.each(["SINGULAR_COVARIANCE", "COLLAPSED_COMPONENT"] as const)("%s: after all without", async (code) => {
    const restarts = await Promise.all([
      restartAt(5, [{ code }]),
      restartAt(-1, [{ code: "NEAR_RESOLUTION" }]),
      restartAt(-2),
    ]);
    expect(bestOf(restarts)).toBe(restarts[1]);
    expect(bestOf(restarts.slice(0, 1))).toBe(restarts[0]);
  });

  test("is none that failed; where all did, the first failure is thrown", async () => {
    const [failed, other] = [await failing(overflow(0)), await failing(underflow(0, 0))];
    const alive = await restartAt(-9);
    expect(bestOf([failed, alive])).toBe(alive);
    expect(() => bestOf([failed, other])).toThrow(EmixError);
    expect(() => bestOf([failed, other])).toThrow(failed.failure?.message);
  });
});
