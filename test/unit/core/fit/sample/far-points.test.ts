import { type FitOptions, fit, resolveFitOptions, summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { withFarPoints } from "../../../../../packages/core/src/fit/sample/far-points.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { executorOf, executorsBy } from "../../../../support/steps.ts";

const random = randomStream(4, "far rows");
const count = 10_000;
/** Normal points, of which five lie at (50, 0). */
const data = Float64Array.from({ length: 2 * count }, () => random.normal());
const far = [7001, 7002, 7003, 7010, 7015];
for (const row of far) data.set([50, 0], 2 * row);
const sample = Float64Array.from({ length: 1000 }, (_, i) => 10 * i);

/** Near points, of weight 1 each, and far ones. */
async function added(weights?: Float64Array) {
  const executor = executorOf({ data, features: 2 }, weights);
  const drawn = weights === undefined ? null : new Float64Array(1000).fill(10);
  return withFarPoints(executor, { points: sample, weights: drawn }, await summarize(executor));
}

describe("far rows", () => {
  test("join a sample, each with its share of all points", async () => {
    const { points, weights } = await added();
    const inSample = sample.filter((row) => !far.includes(row));
    expect([...Array.from(points)]).toEqual([...inSample, ...far]);
    expect([...(weights ?? [])]).toEqual([...Array(inSample.length).fill(1), ...far.map(() => 0.1)]);
  });

  test("weigh what they do, where points have weights; those of weight 0 are none", async () => {
    const { points, weights } = await added(Float64Array.from({ length: count }, (_, i) => (i === 7002 ? 0 : 1)));
    const rows = far.filter((row) => row !== 7002);
    expect(Array.from(points).slice(-4)).toEqual(rows);
    expect([...(weights ?? [])].slice(-6)).toEqual([10, 10, 1, 1, 1, 1]);
  });

  test("are not looked for where there are none, or the sample is large: it stays as it is", async () => {
    const drawn = { points: sample, weights: null };
    const near = executorOf({ data: data.slice(0, 14_000), features: 2 });
    expect(await withFarPoints(near, drawn, await summarize(near))).toBe(drawn);
    const large = { points: sample.slice(0, 751), weights: null };
    const few = executorOf({ data: data.slice(2 * 7001, 2 * 10_000), features: 2 });
    expect(await withFarPoints(few, large, await summarize(few))).toBe(large);
    const small = { points: sample.slice(0, 749), weights: null };
    // One of the five, the first of all, was in the sample.
    expect((await withFarPoints(few, small, await summarize(few))).points.length).toBe(749 + 4);
  });

  test("go where the likelihood is greatest, though they are few among many", async () => {
    const groups = Float64Array.from(
      { length: 40_000 },
      (_, i) => (i % 3 === 0 ? 30 : 0.3) * random.normal() + (i % 3) * 40,
    );
    groups[20_000] = -2000;
    const executor = executorsBy("simd")({ data: groups, features: 1 });
    const boundFrom = async (options: Partial<FitOptions>) => {
      const steps = fit(executor, resolveFitOptions({ components: 3, tolerance: 1e-8, ...options }));
      for (;;) {
        const { done, value } = await steps.next();
        if (done) return value.lowerBound;
      }
    };
    const labels = [0, 1, 2].map((label) => Int32Array.from(groups, (_, i) => (i === 20_000 ? label : i % 3)));
    const bounds = [];
    for (const each of labels) bounds.push(await boundFrom({ initialization: { labels: each } }));
    for (const seed of [1, 2, 3]) expect(await boundFrom({ seed })).toBeCloseTo(Math.max(...bounds), 5);
  });
});
