import { type CovarianceType, GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { mixtureOf } from "../../../support/scenes.ts";

describe("model selection", () => {
  test.each<[CovarianceType, number, number, number]>([
    ["full", 1, 1, 2],
    ["full", 3, 4, 2 + 12 + 30],
    ["tied", 3, 4, 2 + 12 + 10],
    ["diag", 3, 4, 2 + 12 + 12],
    ["spherical", 3, 4, 2 + 12 + 3],
  ])("%s, %i components, %i features: %i parameters", (type, components, features, count) => {
    expect(mixtureOf(type, components, features, randomStream(1, "m")).parameterCount).toBe(count);
  });

  const points = [[0], [1], [5], [6]];
  const mixture = GaussianMixture.fromParameters({
    weights: [0.5, 0.5],
    means: [[0.5], [5.5]],
    covariances: [[[0.25]], [[0.25]]],
  });

  test("AIC, BIC and ICL from the log-likelihood", () => {
    const logLikelihood = 4 * mixture.score(points);
    expect(mixture.aic(points)).toBeCloseTo(-2 * logLikelihood + 10, 12);
    expect(mixture.bic(points)).toBeCloseTo(-2 * logLikelihood + 5 * Math.log(4), 12);
    expect(mixture.icl(points)).toBeCloseTo(mixture.bic(points), 9);
  });

  test("ICL adds twice the entropy: half and half is ln 2 a point", () => {
    const overlapping = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [0, 0],
      covariances: [1, 1],
      covarianceType: "spherical",
    });
    const difference = overlapping.icl(points) - overlapping.bic(points);
    expect(difference).toBeCloseTo(2 * 4 * Math.log(2), 12);
  });

  test("weights count as so many points", () => {
    const twice = points.flatMap((point) => [point, point]);
    for (const criterion of ["aic", "bic", "icl"] as const) {
      expect(mixture[criterion](points, { pointWeights: [2, 2, 2, 2] })).toBeCloseTo(mixture[criterion](twice), 11);
      expect(mixture[criterion]([...points, [1e9]], { pointWeights: [1, 1, 1, 1, 0] })).toBeCloseTo(
        mixture[criterion](points),
        11,
      );
    }
  });
});
