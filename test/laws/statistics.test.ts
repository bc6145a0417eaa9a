import {
  expectation,
  inThreadExecutor,
  merge,
  reduce,
  rounded,
  type SufficientStatistics,
  tilePoints,
  zero,
} from "@emix/core";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { scaledError } from "../support/compare.ts";
import { law } from "../support/laws.ts";
import { reordered, scenes } from "../support/scenes.ts";
import { executorOf } from "../support/steps.ts";

/** Equal up to rounding, each group of statistics on its own scale. */
function expectNear(actual: SufficientStatistics, expected: SufficientStatistics, tolerance: number): void {
  const { layout } = expected;
  const cuts = [0, 1, 2, layout.weightedSums, layout.scatter, layout.length];
  const a = rounded(actual);
  const b = rounded(expected);
  for (let i = 0; i + 1 < cuts.length; i++) {
    expect(scaledError(a.slice(cuts[i], cuts[i + 1]), b.slice(cuts[i], cuts[i + 1]))).toBeLessThan(tolerance);
  }
}

describe("sufficient statistics are a monoid", () => {
  law("merge(zero, s) = s = merge(s, zero), bit for bit", scenes(), 60, async ({ points, start }) => {
    const statistics = await expectation(executorOf(points), start.parameters);
    const nothing = zero(statistics.layout, statistics.pivots);
    expect(merge(nothing, statistics)).toEqual(statistics);
    expect(merge(statistics, nothing)).toEqual(statistics);
  });

  law("merging changes neither part", scenes({ count: 20 }), 20, async ({ points, start }) => {
    const statistics = await expectation(executorOf(points), start.parameters);
    const before = structuredClone(statistics);
    merge(statistics, statistics);
    expect(statistics).toEqual(before);
  });

  law(
    "merge(statistics(a), statistics(b)) ≈ statistics(a ∪ b), wherever the points are cut",
    fc.tuple(scenes(), fc.double({ min: 0, max: 1, noNaN: true })),
    1000,
    async ([{ points, start, count }, fraction]) => {
      const cut = 1 + Math.floor(fraction * (count - 2));
      const all = Array.from({ length: count }, (_, i) => i);
      const [a, b, union] = await Promise.all(
        [all.slice(0, cut), all.slice(cut), all].map((order) =>
          expectation(executorOf(reordered(points, order)), start.parameters),
        ),
      );
      expectNear(merge(a, b), union, 1e-12);
    },
  );

  law("merge is associative up to the last bit of the errors", scenes({ count: 60 }), 40, async (scene) => {
    const { points, start, count } = scene;
    const third = Math.floor(count / 3);
    const all = Array.from({ length: count }, (_, i) => i);
    const [a, b, c] = await Promise.all(
      [all.slice(0, third), all.slice(third, 2 * third), all.slice(2 * third)].map((order) =>
        expectation(executorOf(reordered(points, order)), start.parameters),
      ),
    );
    expectNear(merge(merge(a, b), c), merge(a, merge(b, c)), 1e-15);
  });

  law("the errors of the sums are kept: 2⁶⁰ + 1 − 2⁶⁰ = 1", fc.integer({ min: 1, max: 40 }), 20, async (value) => {
    const layout = { ...zeroLayout, length: 1 };
    const slots = { values: Float64Array.of(2 ** 60, value, -(2 ** 60)), blocks: 3, slotLength: 1 };
    const executor = inThreadExecutor(tilePoints([[0]]));
    expect(rounded(await reduce(executor, slots, layout, new Float64Array(1)))[0]).toBe(value);
  });
});

const zeroLayout = {
  components: 1,
  features: 1,
  covarianceType: "full",
  responsibilitySums: 2,
  weightedSums: 3,
  scatter: 4,
  length: 5,
} as const;
