import { type FitOptions, fit, type PlainFitResult, resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import type { FitState } from "../../../../../packages/core/src/fit/race/standing.ts";
import { clusters } from "../../../../support/points.ts";
import { executorOf } from "../../../../support/steps.ts";

const points = clusters(400, 3, 4, "standing");
const weights = Float64Array.from({ length: 400 }, (_, i) => 0.5 + (i % 3));

/** A fit, from a state or from the beginning, with the state after each of its steps. */
async function fitted(options: FitOptions, given?: Float64Array, from?: FitState) {
  const states: FitState[] = [];
  let stateNow: () => FitState = () => {
    throw new Error("no starts yet");
  };
  const watch = (state: () => FitState) => {
    stateNow = state;
  };
  const steps = fit(executorOf(points, given), resolveFitOptions(options), { watch, from });
  for (;;) {
    const next = await steps.next();
    if (next.done) return { result: next.value, states };
    states.push(structuredClone(stateNow()));
  }
}

const text = (result: PlainFitResult) => JSON.stringify(result);

describe("a fit that goes on from its state after any step", () => {
  const base = { components: 4, maxIterations: 25, tolerance: 1e-9, seed: 5, initialization: "random" as const };
  test.each<[string, FitOptions, Float64Array?]>([
    ["full", { ...base, components: 5 }],
    ["tied", { ...base, covarianceType: "tied" }],
    ["diag, weighted", { ...base, covarianceType: "diag" }, weights],
    ["spherical", { ...base, covarianceType: "spherical", acceleration: "none" }],
    ["races", { ...base, restarts: 4, maxIterations: 40 }, weights],
    ["all restarts", { ...base, restarts: 2, restartStrategy: "all" }],
    ["with a goal", { ...base, restarts: 3, goal: -2 }],
    ["refined", { ...base, refine: true, tolerance: 1e-4 }],
    ["variational", { ...base, inference: "variational", maxIterations: 12 }],
    ["with a prior", { ...base, prior: {}, covarianceType: "diag" }],
  ])("%s: has the same bits", async (_, options, given) => {
    const { result, states } = await fitted(options, given);
    expect(states.length).toBeGreaterThan(3);
    for (const state of states) expect(text((await fitted(options, given, state)).result)).toBe(text(result));
  });
});

describe("a fit that is stopped", () => {
  test("gives the best so far, and says so", async () => {
    let steps = 0;
    const options = resolveFitOptions({ components: 4, tolerance: 0, initialization: "random", restarts: 3 });
    const fitting = fit(executorOf(points), options, { stop: () => steps >= 6 });
    let next = await fitting.next();
    for (; !next.done; next = await fitting.next()) steps++;
    const { converged, warnings, iterations, lowerBound, starts } = next.value;
    expect(converged).toBe(false);
    expect(warnings).toContainEqual(expect.objectContaining({ code: "TIME_BUDGET", lastIteration: iterations }));
    expect(Number.isFinite(lowerBound)).toBe(true);
    expect(steps).toBeLessThanOrEqual(6 + starts.length);
  });

  test("at once takes one step of one start", async () => {
    const options = resolveFitOptions({ components: 4, refine: true, initialization: "random", restarts: 3 });
    const fitting = fit(executorOf(points), options, { stop: () => true });
    const told = [];
    let next = await fitting.next();
    for (; !next.done; next = await fitting.next()) told.push(next.value.restart);
    expect(told).toEqual([0]);
    expect(next.value.starts.map(({ history, dropped }) => [history.length, dropped])).toEqual([
      [1, false],
      [0, true],
      [0, true],
    ]);
  });
});
