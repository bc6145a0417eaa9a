import {
  type FitOptions,
  type FitStep,
  fit,
  GaussianMixture,
  type PlainFitResult,
  resolveFitOptions,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { expectRejection } from "../../../support/failures.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";
import { executorOf } from "../../../support/steps.ts";

const truth = GaussianMixture.fromParameters({
  weights: [0.3, 0.7],
  means: [0, 0, 6, 5],
  covariances: [1, 0.3, 0.3, 1, 2, 0, 0, 0.5],
});
const sample = { data: truth.sample(600, { seed: 4 }).points, features: 2 };

async function run(points: Parameters<typeof executorOf>[0], options: FitOptions, weights?: number[]) {
  const steps: FitStep[] = [];
  const fitting = fit(executorOf(points, weights), resolveFitOptions(options));
  for (;;) {
    const next = await fitting.next();
    if (next.done) return { steps, result: next.value satisfies PlainFitResult };
    steps.push(next.value);
  }
}

describe("a whole fit", () => {
  test.each(["k-means++", "random"] as const)("finds two clear groups from %s", async (initialization) => {
    const { result } = await run(sample, { components: 2, seed: 3, initialization, restarts: 3 });
    const first = result.mixture.means[0] < 3 ? 0 : 1;
    expect(result.converged).toBe(true);
    expect(result.mixture.weights[first]).toBeCloseTo(0.3, 1);
    expect(Math.abs(result.mixture.means[2 * first] - 0)).toBeLessThan(0.2);
    expect(result.lowerBound).toBeGreaterThan(truth.score(sample));
    expect(result.warnings).toEqual([]);
  });

  test("steps, history and bound belong together", async () => {
    const { steps, result } = await run(sample, { components: 2, maxIterations: 7, tolerance: 0 });
    expect(steps.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(steps.map(({ lowerBound }) => lowerBound)).toEqual(result.history);
    expect([result.iterations, result.converged, result.restart]).toEqual([7, false, 0]);
    expect(result.lowerBound).toBe(new GaussianMixture(result.mixture).score(sample));
    expect(result.lowerBound).toBeGreaterThanOrEqual(result.history[6]);
  });

  test("iterations that do not do are a warning, unless a tolerance of 0 asks for just so many", async () => {
    const start = { components: 2, initialization: "k-means++" } as const;
    const { result } = await run(sample, { ...start, maxIterations: 2, tolerance: 1e-9 });
    const [before, last] = result.history;
    const when = { firstIteration: 2, lastIteration: 2 };
    expect(result.warnings).toEqual([{ code: "NOT_CONVERGED", change: Math.abs(last - before), ...when }]);
    expect((await run(sample, { ...start, maxIterations: 2, tolerance: 0 })).result.warnings).toEqual([]);
    expect((await run(sample, { ...start, maxIterations: 1 })).result.warnings).toEqual([
      { code: "NOT_CONVERGED", firstIteration: 1, lastIteration: 1 },
    ]);
  });

  test("every start is told of", async () => {
    const { result, steps } = await run(sample, { components: 2, restarts: 3, maxIterations: 6 });
    expect(result.starts).toHaveLength(3);
    expect(result.starts[result.restart].history).toEqual(result.history);
    result.starts.forEach(({ history, failure }, restart) => {
      expect(failure).toBeUndefined();
      expect(history).toEqual(steps.filter((step) => step.restart === restart).map(({ lowerBound }) => lowerBound));
    });
  });

  test("the same seed gives the same bits; another seed another start", async () => {
    const options = { components: 3, maxIterations: 3, tolerance: 0, restarts: 2 };
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => run(sample, { ...options, seed })));
    expect(a.result).toEqual(b.result);
    expect(a.result.mixture).not.toEqual(c.result.mixture);
  });

  test("a restart is the same whatever else runs; those far behind are dropped, the best goes on", async () => {
    const options = { components: 4, initialization: "k-means++", tolerance: 0, maxIterations: 40, seed: 9 } as const;
    const raced = await run(sample, { ...options, restarts: 6 });
    const all = await run(sample, { ...options, restarts: 6, restartStrategy: "all" });
    const { result: alone } = await run(sample, options);
    expect(all.result.starts.every(({ history, dropped }) => history.length === 40 && !dropped)).toBe(true);
    expect(raced.result.starts.some(({ dropped }) => dropped)).toBe(true);
    raced.result.starts.forEach(({ history, dropped }, restart) => {
      expect(history).toEqual(all.result.starts[restart].history.slice(0, history.length));
      expect(history.length < 40).toBe(dropped);
      expect(history).toEqual(raced.steps.filter((step) => step.restart === restart).map((step) => step.lowerBound));
    });
    expect(raced.result.starts[0].history).toEqual(alone.history.slice(0, raced.result.starts[0].history.length));
    expect(raced.result.mixture).toEqual(all.result.mixture);
  });

  test("weights are counts", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => [...sample.data.slice(2 * i, 2 * i + 2)]);
    const options = { components: 1, covarianceType: "full" } as const;
    const a = await run(rows, options, new Array(100).fill(2));
    const b = await run([...rows, ...rows], options);
    a.result.mixture.means.forEach((mean, i) => {
      expect(mean).toBeCloseTo(b.result.mixture.means[i], 13);
    });
  });
});

describe("degenerate points", () => {
  test.each(COVARIANCE_TYPES)("one point, equal points, k = n: finite, with a warning: %s", async (covarianceType) => {
    for (const points of [[[3, 4]], new Array(10).fill([3, 4])]) {
      const { result } = await run(points, { components: 1, covarianceType });
      expect([...result.mixture.means]).toEqual([3, 4]);
      expect(result.mixture.packedCovariances.every((value) => value >= 0 && value < 1e-9)).toBe(true);
      expect(result.warnings.map(({ code }) => code).sort()).toEqual([
        "COLLAPSED_COMPONENT",
        "CONSTANT_FEATURE",
        "CONSTANT_FEATURE",
        "DEGENERATE_DATA",
        "SINGULAR_COVARIANCE",
      ]);
    }
    const four = [
      [0, 0],
      [1, 0],
      [0, 1],
      [5, 5],
    ];
    const { result } = await run(four, { components: 4, covarianceType });
    expect([...result.mixture.weights]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(Number.isFinite(result.lowerBound)).toBe(true);
    expect(result.warnings.some(({ code }) => code === "SINGULAR_COVARIANCE")).toBe(true);
  });

  test("without regularization a collapse is a typed error", async () => {
    const options = { components: 2, regularization: 0, seed: 1 };
    await expectRejection(
      run([[0], [1]], options),
      "COLLAPSED_COMPONENT",
      /collapsed: its covariance .* weight of its points: 1\)/,
    );
  });

  test("a constant feature", async () => {
    const points = Array.from({ length: 50 }, (_, i) => [7, i % 10, (i * 7) % 11]);
    const { result } = await run(points, { components: 2, seed: 1, maxIterations: 20 });
    expect(result.mixture.means[0]).toBe(7);
    expect(result.warnings.find(({ code }) => code === "CONSTANT_FEATURE")).toMatchObject({ feature: 0 });
    expect(Number.isFinite(result.lowerBound)).toBe(true);
  });

  test("more components than points, or than points that weigh", async () => {
    await expectRejection(
      run([[0], [1]], { components: 3 }),
      "TOO_MANY_COMPONENTS",
      "Expected `components` to be at most 2, the number of points with a positive weight, got 3.",
    );
    await expectRejection(
      run([[0], [1], [2]], { components: 3 }, [1, 1, 0]),
      "TOO_MANY_COMPONENTS",
      /to be at most 2, /,
    );
    await expectRejection(run([[0], [0], [1]], { components: 3 }), "TOO_FEW_DISTINCT_POINTS", /found 2;/);
  });
});
