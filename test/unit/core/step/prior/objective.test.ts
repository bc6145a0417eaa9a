import { em, GaussianMixture, startFrom } from "@emix/core";
import { describe, expect, test } from "vitest";
import { fitted, resolved } from "../../../../support/bayes.ts";
import { executorOf } from "../../../../support/steps.ts";

const points = [
  [1, 10],
  [2, 30],
  [4, 20],
  [9, 60],
];

describe("what an iteration climbs", () => {
  test.each(["em", "variational"] as const)("stays a number however far the start: %s", async (inference) => {
    const rows = Array.from({ length: 50 }, (_, i) => [i % 7, i % 5]);
    const executor = executorOf(rows);
    const prior = await resolved(executor, { components: 2, inference, prior: {} });
    const start = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [1e12, 0, 1e12, 1],
      covariances: [1, 0, 0, 1, 1, 0, 0, 1],
    });
    const bounds: number[] = [];
    const rule = { tolerance: 0, maxIterations: 8 };
    for await (const { lowerBound } of em(executor, startFrom(start.parameters), rule, undefined, "keep", prior)) {
      bounds.push(lowerBound);
    }
    for (let i = 1; i < bounds.length; i++) {
      const slack = inference === "em" ? 1e-9 * Math.abs(bounds[i]) : 50 * Math.LN2;
      expect(bounds[i]).toBeGreaterThan(bounds[i - 1] - slack);
    }
  });

  test("stays a number where a scatter is too small for doubles", async () => {
    const unit = 1e-60;
    const rows = Array.from({ length: 50 }, (_, i) => [unit * (i % 7), unit * (i % 5)]);
    const executor = executorOf(rows);
    const type = { weightConcentration: 1e-100, weightConcentrationType: "distribution" } as const;
    const prior = await resolved(executor, { components: 2, inference: "variational", prior: type });
    const variance = unit * unit;
    const start = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [0, 0, 40 * unit, 0],
      covariances: [variance, 0, 0, variance, variance, 0, 0, variance],
    });
    const rule = { tolerance: 0, maxIterations: 2 };
    for await (const { lowerBound } of em(executor, startFrom(start.parameters), rule, undefined, "keep", prior)) {
      expect(Number.isFinite(lowerBound)).toBe(true);
    }
  });

  test("stays a number however little the prior thinks of the points", async () => {
    const tiny = points.map((row) => row.map((x) => 1e-70 * x));
    const prior = { mean: [0, 0], covariance: [1e174, 0, 0, 1e174] };
    const options = { components: 2, covarianceType: "tied", initialization: "random", maxIterations: 3 } as const;
    const { history } = await fitted(executorOf(tiny), { ...options, prior });
    expect(history.every(Number.isFinite)).toBe(true);
  });
});
