import { type Bootstrap, doAlone, type Executor, GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { bootstrap } from "../../../../../packages/core/src/fit/uncertainty/bootstrap.ts";
import { type BootstrapSettings, resolveBootstrap } from "../../../../../packages/core/src/fit/uncertainty/settings.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { expectFailure, expectRejection } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";

async function bootstrapped(
  executor: Executor,
  mixture: GaussianMixture,
  settings: BootstrapSettings,
): Promise<Bootstrap & { readonly steps: number }> {
  const plan = resolveBootstrap(mixture.parameters, settings);
  const run = bootstrap(executor, plan, (job) => doAlone(executor.over(job.sample), job));
  for (let steps = 0; ; steps++) {
    const next = await run.next();
    if (next.done) return { ...next.value, steps };
  }
}

const gaussian = GaussianMixture.fromParameters({
  weights: [1],
  means: [[1, -2]],
  covariances: [
    [
      [4, 1],
      [1, 2],
    ],
  ],
});
const two = GaussianMixture.fromParameters({
  weights: [0.3, 0.7],
  means: [[0], [8]],
  covariances: [1, 4],
  covarianceType: "spherical",
});

describe("the bootstrap", () => {
  test("of one Gaussian has the standard errors of means and covariances", async () => {
    const count = 2000;
    const points = { data: gaussian.sample(count, { seed: 3 }).points, features: 2 };
    const fitted = (n: number) => n / Math.sqrt(count);
    const executor = inThreadExecutor(tilePoints(points));
    const { weights, means, covariances, resamples, failed, steps } = await bootstrapped(executor, gaussian, {
      resamples: 400,
    });
    expect([resamples, steps, failed.length]).toEqual([400, 400, 0]);
    expect([...weights.standardErrors]).toEqual([0]);
    // σ/√n and √((σ_ii σ_jj + σ_ij²)/n); a standard error of 400 numbers is off by about 3.5 %.
    const expected = [fitted(2), fitted(Math.SQRT2), ...[32, 9, 9, 8].map((value) => fitted(Math.sqrt(value)))];
    [...means.standardErrors, ...covariances.standardErrors].forEach((error, i) => {
      expect(Math.abs(error / expected[i] - 1)).toBeLessThan(0.15);
    });
    const width = (means.upper[0] - means.lower[0]) / means.standardErrors[0];
    expect(Math.abs(width / (2 * 1.96) - 1)).toBeLessThan(0.15);
  });

  test("matches components, whatever order the mixture has", async () => {
    const points = { data: two.sample(400, { seed: 1 }).points, features: 1 };
    const executor = inThreadExecutor(tilePoints(points));
    const settings = { resamples: 30, level: 0.5, seed: "s" };
    const one = await bootstrapped(executor, two, settings);
    const other = await bootstrapped(executor, two.ordered("weight"), settings);
    expect([...other.weights.standardErrors].reverse()[0]).toBeCloseTo(one.weights.standardErrors[0], 8);
    expect(other.means.lower[1]).toBeCloseTo(one.means.lower[0], 6);
    expect(one.weights.standardErrors[0] / Math.sqrt((0.3 * 0.7) / 400)).toBeGreaterThan(0.6);
  });

  test("counts a point of weight 2 as two points", async () => {
    const data = two.sample(300, { seed: 1 }).points;
    const errors = async (executor: Executor) =>
      (await bootstrapped(executor, two, { resamples: 300 })).means.standardErrors;
    const weighted = await errors(inThreadExecutor(tilePoints({ data, features: 1 }, new Array(300).fill(2))));
    const copied = await errors(inThreadExecutor(tilePoints({ data: Float64Array.of(...data, ...data), features: 1 })));
    weighted.forEach((error, i) => void expect(Math.abs(error / copied[i] - 1)).toBeLessThan(0.2));
  });

  test("names resamples that fail, and says so if fewer than two are left", async () => {
    const mixture = GaussianMixture.fromParameters({
      weights: [0.9, 0.1],
      means: [[0], [50]],
      covariances: [1, 1],
      covarianceType: "spherical",
    });
    const data = [...Array.from({ length: 60 }, (_, i) => Math.sin(i)), 50, 50.5];
    const executor = inThreadExecutor(tilePoints({ data: Float64Array.from(data), features: 1 }));
    const { failed, resamples } = await bootstrapped(executor, mixture, { resamples: 40 });
    expect(failed.length).toBeGreaterThan(5);
    expect(resamples + failed.length).toBe(40);
    for (const { code } of failed) expect(["COLLAPSED_COMPONENT", "EMPTY_COMPONENT"]).toContain(code);
    const alike = inThreadExecutor(tilePoints([[0], [0.5], [50]]));
    await expectRejection(bootstrapped(alike, mixture, { resamples: 5 }), "COLLAPSED_COMPONENT", /Component [01] of 2/);
  });

  test("fits a resample of many points by all threads, with as many draws as points", async () => {
    const count = 2 ** 20 + 1;
    const data = Float64Array.from({ length: count }, (_, i) => (i % 2 === 0 ? -1 : 1));
    const one = GaussianMixture.fromParameters({ weights: [1], means: [[0]], covariances: [1] });
    const { means, resamples } = await bootstrapped(inThreadExecutor(tilePoints({ data, features: 1 }), "simd"), one, {
      resamples: 2,
    });
    expect(resamples).toBe(2);
    expect(means.upper[0] - means.lower[0]).toBeGreaterThan(0);
    expect(means.upper[0] - means.lower[0]).toBeLessThan(6 / Math.sqrt(count));
  });

  test("refuses what it cannot do", () => {
    const refused = (settings: object) => () => resolveBootstrap(two.parameters, settings as BootstrapSettings);
    expectFailure(refused({ resamples: 1 }), "INVALID_OPTION", /Expected `resamples` to be an integer of at least 2/);
    expectFailure(
      refused({ level: 1 }),
      "INVALID_OPTION",
      /Expected `level` to be a number above 0 and below 1, got 1/,
    );
    expectFailure(refused({ restarts: 2 }), "UNKNOWN_OPTION", /Unknown option `restarts`/);
  });
});
