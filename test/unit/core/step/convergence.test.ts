import { accumulate, randomStream, startFrom, statisticsLayout, type Warning, zero } from "@emix/core";
import { describe, expect, test } from "vitest";
import { converged, following } from "../../../../packages/core/src/step/convergence.ts";
import { estimate } from "../../../../packages/core/src/step/estimate.ts";
import { mixtureOf } from "../../../support/scenes.ts";

describe("the stop rule", () => {
  test.each([
    [-1, -1.1, 0.1, false],
    [-1, -1.05, 0.1, true],
    [-1.05, -1, 0.1, true],
    [-2, -1, 0.1, false],
    [-1, Number.NEGATIVE_INFINITY, 1e300, false],
    [-1, -1, 0, false],
    [-1, -1, Number.MIN_VALUE, true],
  ])("bound %s after %s, tolerance %s: %s", (bound, previous, tolerance, expected) => {
    expect(converged(bound, previous, { tolerance, maxIterations: 9 })).toBe(expected);
  });

  test("a start has taken no iteration and knows no bound", () => {
    const { parameters } = mixtureOf("full", 1, 1, randomStream(1, "m"));
    expect(startFrom(parameters)).toEqual({
      iteration: 0,
      mixture: parameters,
      lowerBound: Number.NEGATIVE_INFINITY,
      converged: false,
      warnings: [],
      redone: [],
      reseeds: 0,
    });
  });
});

describe("the state after an iteration", () => {
  const { parameters: mixture } = mixtureOf("spherical", 1, 1, randomStream(1, "m"));
  const rule = { tolerance: 0.125, maxIterations: 9 };
  /** Its mean log-likelihood, by two points. */
  const settledAt = (bound: number) => {
    const statistics = zero(statisticsLayout(1, 1, "spherical"), new Float64Array(1));
    accumulate(statistics, Float64Array.of(2 * bound, 2, 2, 0, 2));
    const data = estimate(statistics);
    return { ...data, data, redone: [0] };
  };
  const after = (before: number, bound: number, warnings: Warning[] = [], earlier: Warning[] = []) => {
    const current = { ...startFrom(mixture), iteration: 3, lowerBound: before, warnings: earlier, reseeds: 4 };
    return following(current, settledAt(bound), { mixture, warnings }, rule);
  };

  test("has its bound, its mixture and what was measured again", () => {
    expect(after(-2, -1)).toEqual({
      iteration: 4,
      mixture,
      lowerBound: -1,
      converged: false,
      warnings: [],
      redone: [0],
      reseeds: 4,
    });
  });

  test("is converged by the rule, unless a component was just replaced", () => {
    const [empty, near] = [{ code: "EMPTY_COMPONENT" }, { code: "NEAR_RESOLUTION" }] as const;
    expect(after(-1.0625, -1).converged).toBe(true);
    expect(after(-1.0625, -1, [near, empty]).converged).toBe(true);
    expect(after(-1.0625, -1, [{ ...empty, policy: "drop" }]).converged).toBe(false);
    expect(after(-1.0625, -1, [near, { ...empty, policy: "reseed" }]).converged).toBe(false);
  });

  test("counts what was reseeded", () => {
    const replaced = (policy: "drop" | "reseed"): Warning => ({ code: "EMPTY_COMPONENT", policy });
    expect(after(-2, -1, [replaced("reseed"), replaced("reseed")]).reseeds).toBe(6);
    expect(after(-2, -1, [replaced("drop")]).reseeds).toBe(4);
  });

  test("tells of a fall of the likelihood beyond 1e-9 of it", () => {
    const fall = (before: number, bound: number) => after(before, bound).warnings;
    expect(fall(-1, -1.5)).toEqual([{ code: "NON_MONOTONE", fall: 0.5 }]);
    expect(fall(-1024, -1024 - 2 ** -19)).toEqual([{ code: "NON_MONOTONE", fall: 2 ** -19 }]);
    expect(fall(-1024, -1024 - 2 ** -21)).toEqual([]);
    expect(fall(1024, 1024 - 2 ** -21)).toEqual([]);
    expect(fall(-1.5, -1)).toEqual([]);
    expect(fall(Number.NEGATIVE_INFINITY, -1)).toEqual([]);
    expect(fall(0, 0)).toEqual([]);
  });

  test("but not after a component was replaced, which may cost likelihood", () => {
    const other: Warning = { code: "COLLAPSED_COMPONENT" };
    expect(after(-1, -2, [other], [other]).warnings).toEqual([other, { code: "NON_MONOTONE", fall: 1 }]);
    expect(after(-1, -2, [other], [other, { code: "EMPTY_COMPONENT", policy: "drop" }]).warnings).toEqual([other]);
  });
});
