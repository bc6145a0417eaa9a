import { startFrom, type Warning } from "@emix/core";
import { describe, expect, test } from "vitest";
import { estimate } from "../../../../packages/core/src/components/estimate.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { statisticsLayout } from "../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { afterIteration, hasConverged, midway } from "../../../../packages/core/src/step/convergence.ts";
import { plainRules } from "../../../../packages/core/src/step/rules.ts";
import { mixtureOf } from "../../../support/scenes.ts";
import { statisticsOf } from "../../../support/statistics.ts";

describe("the stop rule of scikit-learn", () => {
  test.each([
    [-1, -1.1, 0.1, false],
    [-1, -1.05, 0.1, true],
    [-1.05, -1, 0.1, true],
    [-2, -1, 0.1, false],
    [-1, Number.NEGATIVE_INFINITY, 1e300, false],
    [-1, -1, 0, false],
    [-1, -1, Number.MIN_VALUE, true],
  ])("bound %s after %s, tolerance %s: %s", (bound, previous, tolerance, expected) => {
    const rules = { stopRule: "change", tolerance } as const;
    const before = { lowerBound: previous, gain: 0 };
    expect(hasConverged({ lowerBound: bound, gain: bound - previous }, before, rules)).toBe(expected);
  });
});

describe("the stop rule that looks at what is left", () => {
  const ends = (gains: readonly [number, number], tolerance: number, lowerBound = -1) => {
    const [before, gain] = gains;
    const rules = { stopRule: "remaining", tolerance } as const;
    return hasConverged({ lowerBound, gain }, { lowerBound: lowerBound - gain, gain: before }, rules);
  };

  test("adds up gains that shrink by the same ratio", () => {
    // 1/8 + 1/16 + … = 1/4 after 1/4; 3/8 · (3/4 + 9/16 + …) = 9/8 after 3/8
    expect([ends([0.5, 0.25], 0.26), ends([0.5, 0.25], 0.25)]).toEqual([true, false]);
    expect([ends([0.5, 0.375], 1.126), ends([0.5, 0.375], 1.125)]).toEqual([true, false]);
    expect([ends([-0.5, -0.375], 1.126), ends([-0.5, -0.375], 1.125)]).toEqual([true, false]);
  });

  test("goes on while the last gain is above the tolerance, or gains do not shrink", () => {
    expect([ends([1, 0.25], 0.25), ends([1, 0.25], 0.2500001)]).toEqual([false, true]);
    expect([ends([1e-9, 1e-9], 1e-6), ends([1e-9, 2e-9], 1e-6)]).toEqual([false, false]);
    expect(ends([Number.POSITIVE_INFINITY, 1e-9], 1e-6)).toBe(false);
    expect(ends([0, 0], 0)).toBe(false);
  });

  test("ends where gains are rounding", () => {
    expect([ends([1e-14, 2e-14], 1e-6), ends([1e-14, 2e-13], 1e-6)]).toEqual([true, false]);
    expect([ends([0, 2e-10], 1e-6, -1e4), ends([0, 2e-9], 1e-6, -1e4)]).toEqual([true, false]);
    expect(ends([0, 0], 1e-6)).toBe(true);
  });
});

describe("the state after an iteration", () => {
  const { parameters: mixture } = mixtureOf("spherical", 1, 1, randomStream(1, "m"));
  const rules = { ...plainRules(1), tolerance: 0.125, maxIterations: 9 };
  /** Its mean log-likelihood, by two points. */
  const expectedAt = (bound: number) => {
    const data = estimate(statisticsOf(statisticsLayout(1, 1, "spherical"), [2 * bound, 2, 2, 0, 2]));
    return { ...data, data, lookedAtAgain: [0] };
  };
  const after = (before: number, bound: number, warnings: Warning[] = [], earlier: Warning[] = []) => {
    const current = { ...startFrom(mixture), iteration: 3, lowerBound: before, warnings: earlier, reseeds: 4 };
    return afterIteration(midway(current, expectedAt(bound), rules), { mixture, warnings }, rules);
  };

  test("has its bound, its mixture and what was measured again", () => {
    expect(after(-2, -1)).toEqual({
      iteration: 4,
      mixture,
      lowerBound: -1,
      gain: 1,
      converged: false,
      course: null,
      warnings: [],
      lookedAtAgain: [0],
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
