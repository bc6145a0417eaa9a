import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { expectFailure } from "../../../support/failures.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";

const three = GaussianMixture.fromParameters({
  weights: [0.2, 0.5, 0.3],
  means: [0, 9, 4, 1, -3, 5],
  covariances: [1, 0.5, 0.5, 2, 1, 0, 0, 1, 3, -1, -1, 1],
});

describe("ordered", () => {
  test("by weight, the heaviest first; by a feature, the least mean first", () => {
    expect([...three.ordered("weight").weights]).toEqual([0.5, 0.3, 0.2]);
    expect([...three.ordered(0).means].filter((_, i) => i % 2 === 0)).toEqual([-3, 0, 4]);
    expect([...three.ordered(1).means].filter((_, i) => i % 2 === 1)).toEqual([1, 5, 9]);
    expect([...three.ordered(0).covariances]).toEqual([3, -1, -1, 1, 1, 0.5, 0.5, 2, 1, 0, 0, 1]);
  });

  test("means decide between equal weights, so that the order is one whatever it was before", () => {
    const means = [3, 1, 2, 5];
    const of = (order: number[]) =>
      GaussianMixture.fromParameters({
        weights: [0.25, 0.25, 0.25, 0.25],
        means: order.map((i) => means[i]),
        covariances: [1, 1, 1, 1],
        covarianceType: "spherical",
      }).ordered("weight").means;
    expect([...of([0, 1, 2, 3])]).toEqual([1, 2, 3, 5]);
    expect([...of([3, 1, 0, 2])]).toEqual([1, 2, 3, 5]);
  });

  test.each(COVARIANCE_TYPES)("%s: the same density, labels apart", (covarianceType) => {
    const mixture = mixtureOf(covarianceType, 4, 3, randomStream(5, "order"));
    const { points } = mixture.sample(50, { seed: 1 });
    const again = mixture.ordered("weight");
    const data = { data: points, features: 3 };
    expect(Math.max(...again.logProb(data).map((value, i) => Math.abs(value - mixture.logProb(data)[i])))).toBeLessThan(
      1e-13,
    );
    expect(GaussianMixture.fromJSON(JSON.parse(JSON.stringify(again)))).toEqual(again);
    expect(mixture.ordered("weight").ordered("weight")).toEqual(again);
  });

  test("an index that is none is refused", () => {
    for (const by of [2, -1, 0.5, "weights"])
      expectFailure(() => three.ordered(by as 0), "INVALID_OPTION", /"weight" or the index/);
  });

  test("a stick-breaking process keeps its order; a distribution does not mind", () => {
    const posterior = (weightConcentrationType: "process" | "distribution", length: number) => ({
      ...three.parameters,
      posterior: {
        weightConcentrationType,
        weightConcentration: Float64Array.from({ length }, (_, i) => i + 1),
        meanPrecision: Float64Array.of(1, 2, 3),
        degreesOfFreedom: Float64Array.of(4, 5, 6),
      },
    });
    expectFailure(
      () => new GaussianMixture(posterior("process", 6)).ordered("weight"),
      "INVALID_MIXTURE",
      /stick-breaking/,
    );
    const other = new GaussianMixture(posterior("distribution", 3)).ordered("weight").posterior;
    expect([...(other?.weightConcentration ?? [])]).toEqual([2, 3, 1]);
    expect([...(other?.degreesOfFreedom ?? [])]).toEqual([5, 6, 4]);
  });
});

describe("matched", () => {
  test.each(COVARIANCE_TYPES)("%s: whatever order a mixture was brought into is undone", (covarianceType) => {
    const mixture = mixtureOf(covarianceType, 6, 2, randomStream(3, "order"));
    const random = randomStream(2, covarianceType);
    for (let round = 0; round < 5; round++) {
      const weights = mixture.weights.map(() => random.uniform());
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const shuffled = new GaussianMixture({
        ...mixture.parameters,
        weights: weights.map((weight) => weight / total),
      }).ordered("weight");
      expect(shuffled.matched(mixture).means).toEqual(mixture.means);
    }
  });

  test("a shape tells components with one mean apart, a mean those with one shape", () => {
    const of = (variances: number[], means = [0, 0, 0, 0]) =>
      GaussianMixture.fromParameters({ weights: [0.5, 0.5], means, covariances: variances, covarianceType: "diag" });
    expect([...of([9, 1, 1, 9]).matched(of([1.1, 8, 8, 1.1])).variances]).toEqual([1, 9, 9, 1]);
    expect([...of([1, 1, 1, 1], [5, 5, 0, 0]).matched(of([1, 1, 1, 1], [1, 0, 4, 5])).means]).toEqual([0, 0, 5, 5]);
  });

  test("the units of features do not matter, nor the types of covariances", () => {
    const scaled = (factor: number) =>
      GaussianMixture.fromParameters({
        weights: [0.2, 0.5, 0.3],
        means: three.means.map((mean, i) => (i % 2 === 0 ? mean * factor : mean)),
        covariances: three.variances.map((variance, i) => (i % 2 === 0 ? variance * factor ** 2 : variance)),
        covarianceType: "diag",
      });
    for (const factor of [1e-140, 1, 1e140]) {
      const own = scaled(factor);
      expect(own.ordered("weight").matched(own).weights).toEqual(own.weights);
    }
    expect(three.ordered("weight").matched(scaled(1)).weights).toEqual(three.weights);
  });

  test("components that are more follow, the heaviest first; fewer are refused", () => {
    const one = GaussianMixture.fromParameters({ weights: [1], means: [-3, 5], covariances: [3, -1, -1, 1] });
    expect([...three.matched(one).weights]).toEqual([0.3, 0.5, 0.2]);
    expectFailure(() => one.matched(three), "INVALID_OPTION", /at most 1 component/);
    expectFailure(() => three.matched({} as GaussianMixture), "INVALID_OPTION", /a GaussianMixture/);
    const wide = GaussianMixture.fromParameters({ weights: [1], means: [0], covariances: [1] });
    expectFailure(() => three.matched(wide), "FEATURES_MISMATCH", /./);
  });
});

describe("outlier", () => {
  const points = three.sample(1000, { seed: 4 }).points;
  const data = { data: points, features: 2 };
  const logDensities = three.logProb(data);

  test("labels just so many, those of least density", () => {
    for (const fraction of [0, 0.01, 0.1, 0.999, 1]) {
      const labels = three.outlier(data, fraction);
      expect(labels.reduce((sum, label) => sum + label, 0)).toBe(Math.floor(1000 * fraction + 1e-9));
      const least = Math.min(...logDensities.filter((_, i) => labels[i] === 0));
      expect(logDensities.every((value, i) => labels[i] === 0 || value < least)).toBe(true);
    }
  });

  test("a threshold of the fitted points serves others", () => {
    expect(three.outlier(data, 0.01, { threshold: -6 })).toEqual(
      Uint8Array.from(logDensities, (value) => Number(value < -6)),
    );
  });

  test("refuses what is no share, no density or no option", () => {
    for (const fraction of [-0.1, 1.1, Number.NaN])
      expectFailure(() => three.outlier(data, fraction), "INVALID_OPTION", /from 0 to 1/);
    expectFailure(() => three.outlier(data, 0.1, { threshold: Number.NaN }), "INVALID_OPTION", /log density/);
    expectFailure(() => three.outlier(data, 0.1, { treshold: 1 } as object), "UNKNOWN_OPTION", /threshold/);
  });
});
