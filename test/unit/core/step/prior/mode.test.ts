import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { fitted, resolvedPrior } from "../../../../support/bayes.ts";
import { allSteps, executorOf } from "../../../../support/steps.ts";

const points = [
  [1, 10],
  [2, 30],
  [4, 20],
  [9, 60],
];

describe("what EM climbs under a prior", () => {
  test("stays a number however far the start", async () => {
    const rows = Array.from({ length: 50 }, (_, i) => [i % 7, i % 5]);
    const executor = executorOf(rows);
    const prior = await resolvedPrior(executor, { components: 2, inference: "em", prior: {} });
    const start = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [1e12, 0, 1e12, 1],
      covariances: [1, 0, 0, 1, 1, 0, 0, 1],
    });
    const bounds = (await allSteps(executor, start, 8, { prior })).map(({ lowerBound }) => lowerBound);
    for (let i = 1; i < bounds.length; i++) {
      expect(bounds[i]).toBeGreaterThan(bounds[i - 1] - 1e-9 * Math.abs(bounds[i]));
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

test("components without points have weight 0, and go the way of empty components", async () => {
  const random = randomStream(5, "few");
  const clusters = Array.from({ length: 200 }, (_, i) => [(i % 2) * 30 + random.normal(), random.normal()]);
  const executor = executorOf(clusters);
  const prior = await resolvedPrior(executor, { components: 3, covarianceType: "spherical", prior: {} });
  const start = GaussianMixture.fromParameters({
    weights: [0.4, 0.4, 0.2],
    means: [0, 0, 30, 0, 0, 500],
    covariances: [1, 1, 1],
    covarianceType: "spherical",
  });
  for (const emptyComponent of ["keep", "drop"] as const) {
    for (const step of await allSteps(executor, start, 3, { prior, emptyComponent })) {
      expect(Number.isFinite(step.lowerBound)).toBe(true);
      expect(step.mixture.components).toBe(emptyComponent === "keep" ? 3 : 2);
    }
  }
});
