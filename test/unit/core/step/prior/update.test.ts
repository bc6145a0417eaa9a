import { em, GaussianMixture, randomStream, startFrom } from "@emix/core";
import { describe, expect, test } from "vitest";
import { fitted, resolved, runBayes, seen } from "../../../../support/bayes.ts";
import { error } from "../../../../support/compare.ts";
import { minus, ofDouble, plus, type Rational, ratio, times } from "../../../../support/exact.ts";
import { COVARIANCE_TYPES } from "../../../../support/scenes.ts";
import { executorOf } from "../../../../support/steps.ts";

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

  test.each(COVARIANCE_TYPES)("with the rule of zero and without it the same comes out: %s", async (covarianceType) => {
    const options = { components: 5, covarianceType, tolerance: 0, maxIterations: 15, seed: 4 } as const;
    for (const way of [{ inference: "variational" }, { prior: { weightConcentration: 1.5 } }] as const) {
      const withRule = await fitted(executorOf(clusters), { ...options, ...way });
      const { executor } = seen(executorOf(clusters), false);
      const without = await fitted(executor, { ...options, ...way });
      expect(error(withRule.mixture.weights, without.mixture.weights)).toBeLessThan(1e-12);
      expect(error(withRule.mixture.means, without.mixture.means)).toBeLessThan(1e-11);
      expect(error(withRule.mixture.packedCovariances, without.mixture.packedCovariances)).toBeLessThan(1e-11);
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

  test("with EM have weight 0, and go the way of empty components", async () => {
    const executor = executorOf(clusters);
    const prior = await resolved(executor, { components: 3, covarianceType: "spherical", prior: {} });
    const start = GaussianMixture.fromParameters({
      weights: [0.4, 0.4, 0.2],
      means: [0, 0, 30, 0, 0, 500],
      covariances: [1, 1, 1],
      covarianceType: "spherical",
    });
    const rule = { tolerance: 0, maxIterations: 3 };
    for (const policy of ["keep", "drop"] as const) {
      for await (const step of em(executor, startFrom(start.parameters), rule, undefined, policy, prior)) {
        expect(Number.isFinite(step.lowerBound)).toBe(true);
        expect(step.mixture.components).toBe(policy === "keep" ? 3 : 2);
      }
    }
  });
});

describe("digits under a prior", () => {
  /** det of n·Σ̂ + ψ I about the mean of x, exactly, of two features. */
  function exactDeterminant(rows: readonly number[][], psi: number): Rational {
    const sum = (values: Rational[]) => values.reduce(plus);
    const count = ofDouble(rows.length);
    const [x, y] = [0, 1].map((j) => rows.map((row) => ofDouble(row[j])));
    const inverse = (value: Rational): Rational => ({ numerator: value.denominator, denominator: value.numerator });
    const entry = (a: Rational[], b: Rational[], more: number) =>
      plus(
        ofDouble(more),
        minus(sum(a.map((value, i) => times(value, b[i]))), times(times(sum(a), sum(b)), inverse(count))),
      );
    return minus(times(entry(x, x, psi), entry(y, y, psi)), times(entry(x, y, 0), entry(x, y, 0)));
  }

  test.each([1e-3, 1e-5, 1e-7])("a thickness of %d keeps half its digits and more", async (thickness) => {
    const random = randomStream("thin", `${thickness}`);
    const rows = Array.from({ length: 40 }, () => {
      const x = random.normal();
      return [x, 3 * x + thickness * random.normal()];
    });
    const psi = 2 ** Math.round(2 * Math.log2(thickness));
    const mean = (j: number) => rows.reduce((total, row) => total + row[j], 0) / 40;
    const prior = { covariance: [psi, 0, 0, psi], degreesOfFreedom: 2, meanPrecision: 1e-30, mean: [mean(0), mean(1)] };
    const labels = rows.map(() => 0);
    const options = { components: 1, inference: "variational", tolerance: 0, maxIterations: 3, prior } as const;
    const { mixture } = await runBayes({ points: rows, labels, options: { ...options, regularization: 0 } });
    const [a, , b] = mixture.parameters.factors;
    const scale = ofDouble(42);
    const squared = (w: number) => times(ofDouble(w), ofDouble(w));
    const inverse = times(squared(a), squared(b));
    const determinant = times(times(scale, scale), { numerator: inverse.denominator, denominator: inverse.numerator });
    const exact = exactDeterminant(rows, psi);
    expect(ratio(minus(determinant, exact), exact)).toBeLessThan(4e-16 / thickness);
  });
});
