import { type Executor, KernelPrograms, resolveFitOptions, summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { type AboutStart, exchangedStart } from "../../../../../packages/core/src/fit/exchange/exchanged-start.ts";
import { makeStart } from "../../../../../packages/core/src/fit/exchange/start-job.ts";
import { rulesFor } from "../../../../../packages/core/src/fit/rules.ts";
import type { Summary } from "../../../../../packages/core/src/fit/summary.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import type { Rules } from "../../../../../packages/core/src/step/rules.ts";
import { expectRejection } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { executorsBy } from "../../../../support/steps.ts";

const executorOf = executorsBy("simd");

const SETTINGS = {
  kinds: [
    { metric: "standardized", power: 2 },
    { metric: "standardized", power: 1 },
    { metric: "whitened", power: 2 },
  ],
  leastSample: 400,
  exchange: { roundsOfComponents: 0.5, tries: 2, split: { points: 200, steps: 8 } },
  purpose: "test",
} as const;

/** Five groups in units that differ by 10^6, the first feature wide and the same for all. */
function fiveGroups(count: number, scales: readonly [number, number] = [1e6, 1]): number[][] {
  const random = randomStream(9, "groups");
  return Array.from({ length: count }, (_, i) => [
    scales[0] * random.uniform(),
    scales[1] * (12 * (i % 5) + random.normal()),
  ]);
}

async function startOn(points: number[][], components: number, more: { weights?: number[]; seed?: number } = {}) {
  const executor = executorOf(points, more.weights);
  const options = resolveFitOptions({ components, seed: more.seed ?? 1 });
  const summary = await summarize(executor);
  return exchangedStart(
    executor,
    options,
    aboutOn(executor, await rulesFor(executor, options, summary), summary),
    SETTINGS,
  );
}

const aboutOn = (executor: Executor, rules: Rules, summary: Summary): AboutStart => ({
  rules,
  summary,
  runStart: (job) => makeStart(executor.over(job.sample), job),
});

const secondMeans = (means: Float64Array) => [...means].filter((_, i) => i % 2 === 1).sort((a, b) => a - b);

describe("a start repaired by exchange", () => {
  test.each([1, 2, 3])("finds the groups of all points on a sample, whatever the units: seed %i", async (seed) => {
    const { mixture } = await startOn(fiveGroups(3000), 5, { seed });
    secondMeans(mixture.means).forEach((mean, i) => void expect(Math.abs(mean - 12 * i)).toBeLessThan(1));
  });

  test("scaling a feature by a power of two changes no bit but its own scale", async () => {
    const plain = await startOn(fiveGroups(1000), 5);
    const scaled = await startOn(fiveGroups(1000, [1e6, 2 ** 20]), 5);
    const rescaled = scaled.mixture.means.map((mean, i) => (i % 2 === 1 ? mean * 2 ** -20 : mean));
    expect(rescaled).toEqual(plain.mixture.means);
    expect(scaled.mixture.weights).toEqual(plain.mixture.weights);
  });

  test("the weights of points decide the weights of components", async () => {
    const points = fiveGroups(1500);
    const { mixture } = await startOn(points, 5, { weights: points.map((_, i) => 1 + (i % 5)) });
    const order = [0, 1, 2, 3, 4].sort((a, b) => mixture.means[2 * a + 1] - mixture.means[2 * b + 1]);
    order.forEach((component, group) => {
      expect(Math.abs(mixture.weights[component] - (1 + group) / 15)).toBeLessThan(0.03);
    });
  });

  test("one component is the Gaussian of the sample", async () => {
    const points = fiveGroups(200);
    const { mixture } = await startOn(points, 1);
    const mean = points.reduce((sum, [, y]) => sum + y, 0) / 200;
    expect(mixture.means[1]).toBeCloseTo(mean, 10);
  });

  test("too few different points are an error", async () => {
    const points = Array.from({ length: 40 }, (_, i) => [i % 2, 0]);
    await expectRejection(startOn(points, 3), "TOO_FEW_DISTINCT_POINTS", /at least 3 distinct points/);
  });

  test("a covariance that is singular without regularization is an error of the start", async () => {
    const executor = inThreadExecutor(
      tilePoints([
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
        [9, 9],
      ]),
    );
    const options = resolveFitOptions({ components: 2, regularization: 0 });
    const summary = await summarize(executor);
    const rules = await rulesFor(executor, options, summary);
    await expectRejection(
      exchangedStart(executor, options, aboutOn(executor, rules, summary), SETTINGS),
      "COLLAPSED_COMPONENT",
      /./,
    );
  });

  test("leaves the points and the kernels of the executor alone", async () => {
    const tiles = tilePoints(fiveGroups(500));
    const before = tiles.data.slice();
    const executor = { ...inThreadExecutor(tiles), programs: new KernelPrograms({ kernel: "simd" }) };
    const options = resolveFitOptions({ components: 3 });
    const summary = await summarize(executor);
    const rules = await rulesFor(executor, options, summary);
    await exchangedStart(executor, options, aboutOn(executor, rules, summary), SETTINGS);
    expect(tiles.data).toEqual(before);
  });
});
