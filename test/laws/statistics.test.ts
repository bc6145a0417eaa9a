import fc from "fast-check";
import { describe, expect } from "vitest";
import { addSums, roundSums } from "../../packages/core/src/linear-algebra/compensated-sum.ts";
import { reduce } from "../../packages/core/src/passes/reduce.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { noFrames } from "../../packages/core/src/statistics/frames.ts";
import type { SufficientStatistics } from "../../packages/core/src/statistics/sufficient-statistics.ts";
import { noStatistics } from "../../packages/core/src/statistics/sufficient-statistics.ts";
import { scaledError } from "../support/compare.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { law } from "../support/laws.ts";
import { reordered, type Scene, scenes } from "../support/scenes.ts";
import { onePass } from "../support/statistics.ts";
import { executorOf } from "../support/steps.ts";

/** Equal up to rounding, each group of statistics on its own scale. */
function expectNear(actual: SufficientStatistics, expected: SufficientStatistics, tolerance: number): void {
  const { layout } = expected;
  const cuts = [0, 1, 2, layout.weightedSums, layout.scatter, layout.length];
  const a = roundSums(actual);
  const b = roundSums(expected);
  for (let i = 0; i + 1 < cuts.length; i++) {
    expect(scaledError(a.slice(cuts[i], cuts[i + 1]), b.slice(cuts[i], cuts[i + 1]))).toBeLessThan(tolerance);
  }
}

/** The statistics of parts of the points, cut at these rows. */
function statisticsOfParts({ points, start, count }: Scene, ...cuts: number[]): Promise<SufficientStatistics[]> {
  const all = Array.from({ length: count }, (_, i) => i);
  const parts = [0, ...cuts].map((from, i) => all.slice(from, cuts[i]));
  return Promise.all(parts.map((part) => onePass(executorOf(reordered(points, part)), start.parameters)));
}

/** By the code of the reduction, errors and all. */
function sumOf(...parts: SufficientStatistics[]): SufficientStatistics {
  const total = noStatistics(parts[0].layout, parts[0]);
  for (const part of parts) addSums(total, part);
  return total;
}

/** By the reduction itself, of slots as blocks leave them. */
function reduced(...parts: SufficientStatistics[]): Promise<SufficientStatistics> {
  const [{ layout, ...measure }] = parts;
  const values = Float64Array.from(parts.flatMap((part) => [...roundSums(part)]));
  const slots = { values, blocks: parts.length, slotLength: layout.length };
  return reduce(inThreadExecutor(tilePoints([[0]])), slots, layout, measure);
}

describe("sufficient statistics add up", () => {
  law("those of no point add nothing, bit for bit", scenes(), 60, async ({ points, start }) => {
    const statistics = await onePass(executorOf(points), start.parameters);
    const sum = { ...statistics, sums: statistics.sums.slice(), errors: statistics.errors.slice() };
    addSums(sum, noStatistics(statistics.layout, statistics));
    expect(sum).toEqual(statistics);
    const nothing = noStatistics(statistics.layout, statistics);
    addSums(nothing, statistics);
    expect(nothing).toEqual(statistics);
  });

  law("what is added does not change", scenes({ count: 20 }), 20, async ({ points, start }) => {
    const statistics = await onePass(executorOf(points), start.parameters);
    const before = structuredClone(statistics);
    sumOf(statistics, statistics);
    await reduced(statistics, statistics);
    expect(statistics).toEqual(before);
  });

  law(
    "statistics(a) + statistics(b) ≈ statistics(a ∪ b), wherever the points are cut",
    fc.tuple(scenes(), fc.double({ min: 0, max: 1, noNaN: true })),
    1000,
    async ([scene, fraction]) => {
      const cut = 1 + Math.floor(fraction * (scene.count - 2));
      const [union] = await statisticsOfParts(scene);
      const [a, b] = await statisticsOfParts(scene, cut);
      expectNear(sumOf(a, b), union, 1e-12);
      expectNear(await reduced(a, b), union, 1e-12);
    },
  );

  law("in any grouping, up to the last bit of the errors", scenes({ count: 60 }), 40, async (scene) => {
    const third = Math.floor(scene.count / 3);
    const [a, b, c] = await statisticsOfParts(scene, third, 2 * third);
    expectNear(sumOf(sumOf(a, b), c), sumOf(a, sumOf(b, c)), 1e-15);
  });

  law("the errors of the sums are kept: 2⁶⁰ + 1 − 2⁶⁰ = 1", fc.integer({ min: 1, max: 40 }), 20, async (value) => {
    const layout = { ...zeroLayout, length: 1 };
    const slots = { values: Float64Array.of(2 ** 60, value, -(2 ** 60)), blocks: 3, slotLength: 1 };
    const executor = inThreadExecutor(tilePoints([[0]]));
    const measure = { pivots: new Float64Array(1), frames: noFrames(layout) };
    expect(roundSums(await reduce(executor, slots, layout, measure))[0]).toBe(value);
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
