import { GaussianMixture, randomStream } from "@emix/core";
import { describe, expect, test } from "vitest";
import { error, scaledError } from "../../support/compare.ts";
import { expectFailure } from "../../support/failures.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../support/scenes.ts";

describe("sampling", () => {
  test.each(COVARIANCE_TYPES)("moments of the draws are those of the mixture: %s", (type) => {
    const mixture = mixtureOf(type, 3, 3, randomStream(5, "sampling"));
    const count = 60_000;
    const { points, labels } = mixture.sample(count, 11);
    const assignmentProbs = new Float64Array(count * 3);
    labels.forEach((label, i) => {
      assignmentProbs[i * 3 + label] = 1;
    });
    const found = GaussianMixture.fromPointsAndAssignmentProbs({
      points: { data: points, features: 3 },
      assignmentProbs,
      covarianceType: type,
    });
    expect(error(found.weights, mixture.weights)).toBeLessThan(0.01);
    expect(error(found.means, mixture.means)).toBeLessThan(0.04);
    expect(scaledError(found.covariances, mixture.covariances)).toBeLessThan(0.04);
  });

  test("the same seed draws the same; another, others", () => {
    const mixture = mixtureOf("full", 2, 2, randomStream(5, "sampling"));
    expect(mixture.sample(10, 3)).toEqual(mixture.sample(10, 3));
    expect(mixture.sample(10, 3)).toEqual({
      points: mixture.sample(20, 3).points.slice(0, 20),
      labels: mixture.sample(20, 3).labels.slice(0, 10),
    });
    expect(mixture.sample(10, 3)).not.toEqual(mixture.sample(10, "3"));
  });

  test("components of weight 0 are never drawn", () => {
    const parameters = { means: [0, 1, 2], covariances: [1, 1, 1], covarianceType: "spherical" } as const;
    for (const weights of [
      [0, 1, 0],
      [0.5, 0.5, 0],
      [0, 0.5, 0.5],
    ]) {
      const { labels } = GaussianMixture.fromParameters({ ...parameters, weights }).sample(2000, 1);
      expect(weights.map((weight, c) => labels.includes(c) === weight > 0)).toEqual([true, true, true]);
    }
  });

  test.each([0, -1, 1.5, Number.NaN])("a count of %s is refused", (count) => {
    const mixture = mixtureOf("full", 1, 1, randomStream(5, "sampling"));
    expectFailure(() => mixture.sample(count), "INVALID_OPTION", /`count` to be an integer from 1 up/);
    expectFailure(() => mixture.sample(1, Number.NaN), "INVALID_OPTION", /`seed`/);
  });
});
