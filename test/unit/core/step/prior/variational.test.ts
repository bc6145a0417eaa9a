import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { fitted, resolvedPrior, runBayes, seen } from "../../../../support/bayes.ts";
import { error } from "../../../../support/compare.ts";
import { COVARIANCE_TYPES } from "../../../../support/scenes.ts";
import { allSteps, executorOf } from "../../../../support/steps.ts";

describe("components without points", () => {
  const random = randomStream(5, "few");
  const clusters = Array.from({ length: 200 }, (_, i) => [(i % 2) * 30 + random.normal(), random.normal()]);
  const labels = clusters.map((_, i) => i % 2);

  test.each(COVARIANCE_TYPES)("are the prior, and cost no second pass: %s", async (covarianceType) => {
    for (const weightConcentrationType of ["process", "distribution"] as const) {
      const prior = { weightConcentrationType, weightConcentration: 1e-4, mean: [3, 4] };
      const options = { components: 6, covarianceType, inference: "variational", tolerance: 0, prior } as const;
      const { mixture } = await runBayes({ points: clusters, labels, options: { ...options, maxIterations: 20 } });
      expect([...mixture.weights].filter((weight) => weight > 0.4)).toHaveLength(2);
      expect(error(mixture.means.slice(4), [3, 4, 3, 4, 3, 4, 3, 4])).toBeLessThan(1e-3);
      const { executor, passes } = seen(executorOf(clusters));
      const { iterations } = await fitted(executor, { ...options, maxIterations: 20, seed: 2 });
      expect(passes()).toBeLessThanOrEqual(iterations + 6);
    }
  });

  test("whatever the sizes of a prior, every weight is a number above 0", async () => {
    for (const pointWeight of [1, 1e240]) {
      const executor = executorOf(clusters, new Array<number>(clusters.length).fill(pointWeight));
      for (const weightConcentration of [1e-100, 1e100]) {
        const prior = { weightConcentration, meanPrecision: 1e-100 };
        const { mixture } = await fitted(executor, { components: 4, inference: "variational", prior });
        expect(mixture.weights.every((weight) => weight > 0)).toBe(true);
      }
    }
  });

  test("are measured once, though few points far from their mean lean towards them", async () => {
    const prior = { mean: [60, 0], covariance: [72, 2], weightConcentration: 1e-4 };
    const { executor, passes } = seen(executorOf(clusters));
    const options = { components: 5, covarianceType: "diag", inference: "variational", tolerance: 0 } as const;
    const { iterations } = await fitted(executor, { ...options, maxIterations: 20, prior });
    expect(passes()).toBeLessThanOrEqual(iterations + 6);
  });

  test("are measured once, though their prior is nearly singular", async () => {
    const prior = { mean: [1e5, 0], covariance: [1, 0.9999, 0.9999, 1], weightConcentration: 1e-4 };
    const { executor, passes } = seen(executorOf(clusters));
    const options = { components: 5, inference: "variational", tolerance: 0, maxIterations: 20, prior } as const;
    const { iterations } = await fitted(executor, options);
    expect(passes()).toBeLessThanOrEqual(iterations + 6);
  });

  test("have the prior's mean to the last bit, wherever the points are", async () => {
    const far = clusters.map((row) => row.map((x) => x + 1e8));
    const prior = { mean: [0.1, 0.2], weightConcentration: 1e-4, weightConcentrationType: "distribution" } as const;
    const { mixture } = await fitted(executorOf(far), { components: 6, inference: "variational", prior, restarts: 2 });
    const least = mixture.weights.indexOf(Math.min(...mixture.weights));
    expect([...mixture.means.slice(2 * least, 2 * least + 2)]).toEqual([0.1, 0.2]);
  });

  test("are the prior from the first step on, and have a weight whatever the others weigh", async () => {
    const far = clusters.map((row) => row.map((x) => x + 1e8));
    const pointWeights = new Array<number>(far.length).fill(1e240);
    const prior = { mean: [0.1, 0.2], covariance: [3, 0, 0, 6], weightConcentration: 1e-100 };
    const options = { components: 4, inference: "variational", maxIterations: 1, prior } as const;
    const { start } = await runBayes({ points: far, pointWeights, labels, options });
    expect([...start.means.slice(4)]).toEqual([0.1, 0.2, 0.1, 0.2]);
    expect(error(start.packedCovariances.slice(6), [1.5, 0, 3, 1.5, 0, 3])).toBeLessThan(1e-15);
    expect(start.weights.every((weight) => weight > 0)).toBe(true);
  });
});

describe("the lower bound of the evidence", () => {
  test("stays a number however far the start", async () => {
    const rows = Array.from({ length: 50 }, (_, i) => [i % 7, i % 5]);
    const executor = executorOf(rows);
    const prior = await resolvedPrior(executor, { components: 2, inference: "variational", prior: {} });
    const start = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [1e12, 0, 1e12, 1],
      covariances: [1, 0, 0, 1, 1, 0, 0, 1],
    });
    const bounds = (await allSteps(executor, start, 8, { prior })).map(({ lowerBound }) => lowerBound);
    for (let i = 1; i < bounds.length; i++) {
      expect(bounds[i]).toBeGreaterThan(bounds[i - 1] - 50 * Math.LN2);
    }
  });

  test("stays a number where a scatter is too small for doubles", async () => {
    const unit = 1e-60;
    const rows = Array.from({ length: 50 }, (_, i) => [unit * (i % 7), unit * (i % 5)]);
    const executor = executorOf(rows);
    const type = { weightConcentration: 1e-100, weightConcentrationType: "distribution" } as const;
    const prior = await resolvedPrior(executor, { components: 2, inference: "variational", prior: type });
    const variance = unit * unit;
    const start = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [0, 0, 40 * unit, 0],
      covariances: [variance, 0, 0, variance, variance, 0, 0, variance],
    });
    for (const { lowerBound } of await allSteps(executor, start, 2, { prior })) {
      expect(Number.isFinite(lowerBound)).toBe(true);
    }
  });
});
