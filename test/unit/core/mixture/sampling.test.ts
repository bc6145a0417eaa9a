import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { drawFrom } from "../../../../packages/core/src/mixture/sampling.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { error, scaledError } from "../../../support/compare.ts";
import { expectFailure } from "../../../support/failures.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";

describe("sampling", () => {
  test.each(COVARIANCE_TYPES)("moments of the draws are those of the mixture: %s", (type) => {
    const mixture = mixtureOf(type, 3, 3, randomStream(5, "sampling"));
    const count = 60_000;
    const { points, labels } = mixture.sample(count, { seed: 11 });
    const assignmentProbs = new Float64Array(count * 3);
    labels.forEach((label, i) => {
      assignmentProbs[i * 3 + label] = 1;
    });
    const found = GaussianMixture.fromPointsAndAssignmentProbs(
      { data: points, features: 3 },
      {
        assignmentProbs,
        covarianceType: type,
      },
    );
    expect(error(found.weights, mixture.weights)).toBeLessThan(0.01);
    expect(error(found.means, mixture.means)).toBeLessThan(0.04);
    expect(scaledError(found.covariances, mixture.covariances)).toBeLessThan(0.04);
  });

  test("the same seed draws the same; another, others", () => {
    const mixture = mixtureOf("full", 2, 2, randomStream(5, "sampling"));
    expect(mixture.sample(10, { seed: 3 })).toEqual(mixture.sample(10, { seed: 3 }));
    expect(mixture.sample(10, { seed: 3 })).toEqual({
      points: mixture.sample(20, { seed: 3 }).points.slice(0, 20),
      labels: mixture.sample(20, { seed: 3 }).labels.slice(0, 10),
    });
    expect(mixture.sample(10, { seed: 3 })).not.toEqual(mixture.sample(10, { seed: "3" }));
  });

  test("components of weight 0 are never drawn", () => {
    const parameters = { means: [0, 1, 2], covariances: [1, 1, 1], covarianceType: "spherical" } as const;
    for (const weights of [
      [0, 1, 0],
      [0.5, 0.5, 0],
      [0, 0.5, 0.5],
    ]) {
      const { labels } = GaussianMixture.fromParameters({ ...parameters, weights }).sample(2000, { seed: 1 });
      expect(weights.map((weight, c) => labels.includes(c) === weight > 0)).toEqual([true, true, true]);
    }
  });

  test("a uniform draw chooses the component, normal ones the place: mean + L · normals", () => {
    const mixture = GaussianMixture.fromParameters({
      weights: [0.25, 0.75],
      means: [1, 2, 3, 4],
      covariances: [4, 2, 2, 17, 1, -2, -2, 4.25],
    });
    const random = randomStream(8, "sample");
    const { points, labels } = drawFrom(mixture.parameters, 40, randomStream(8, "sample"));
    const factors = [
      [2, 1, 4],
      [1, -2, 0.5],
    ];
    for (let i = 0; i < 40; i++) {
      const component = random.uniform() < 0.25 ? 0 : 1;
      const [a, b, c] = factors[component];
      const [first, second] = [random.normal(), random.normal()];
      expect(labels[i]).toBe(component);
      expect(points[2 * i]).toBeCloseTo(2 * component + 1 + a * first, 12);
      expect(points[2 * i + 1]).toBeCloseTo(2 * component + 2 + b * first + c * second, 12);
    }
  });

  test.each([0, -1, 1.5, Number.NaN])("a count of %s is refused", (count) => {
    const mixture = mixtureOf("full", 1, 1, randomStream(5, "sampling"));
    expectFailure(() => mixture.sample(count), "INVALID_OPTION", /`count` to be an integer of at least 1/);
    expectFailure(() => mixture.sample(1, { seed: Number.NaN }), "INVALID_OPTION", /`seed`/);
  });
});
