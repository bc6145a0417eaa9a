import { COVARIANCE_TYPES } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { expectFailure } from "../../../support/failures.ts";
import { mixtureOf } from "../../../support/scenes.ts";

const [components, features] = [3, 4];
const given = [2, 0];
const rest = [1, 3];
const values = [0.4, -1.2];

describe.each(COVARIANCE_TYPES)("parts of a mixture, %s", (type) => {
  const mixture = mixtureOf(type, components, features, randomStream(11, type));
  const random = randomStream(3, "points");
  const points = Array.from({ length: 40 }, () => Array.from({ length: features }, () => 2 * random.normal()));

  test("a density is that of the given features times that of the rest", () => {
    const known = mixture.marginal(given);
    for (const point of points) {
      const conditional = mixture.conditional({ given: { 0: point[0], 2: point[2] } });
      expect([conditional.features, conditional.components, conditional.covarianceType]).toEqual([2, 3, type]);
      const joint = mixture.logProb([point])[0];
      const parts = known.logProb([[point[2], point[0]]])[0] + conditional.logProb([rest.map((j) => point[j])])[0];
      expect(Math.abs(parts - joint)).toBeLessThan(1e-12 * Math.max(1, Math.abs(joint)));
    }
  });

  test("a marginal has the numbers of its features, in the order in which they are listed", () => {
    const part = mixture.marginal([3, 1]);
    for (let c = 0; c < components; c++) {
      expect(part.means[2 * c]).toBe(mixture.means[features * c + 3]);
      expect(part.variances[2 * c + 1]).toBe(mixture.variances[features * c + 1]);
    }
    expect(mixture.marginal([0, 1, 2, 3]).logProb(points)).toEqual(mixture.logProb(points));
    const there = mixture.marginal([3, 2, 1, 0]).logProb(points.map((point) => point.toReversed()));
    there.forEach((log, i) => void expect(log).toBeCloseTo(mixture.logProb(points)[i], 11));
  });

  test("regression has the means and variances of the conditional mixture", () => {
    const known = points.map((point) => given.map((j) => point[j]));
    const { features: told, means, variances } = mixture.regress(known, { given });
    expect(told).toEqual(rest);
    points.forEach((point, row) => {
      const { weights, means: of, variances: own } = mixture.conditional({ given: { 2: point[2], 0: point[0] } });
      for (const j of [0, 1]) {
        const mean = weights.reduce((sum, weight, c) => sum + weight * of[2 * c + j], 0);
        const second = weights.reduce((sum, weight, c) => sum + weight * (own[2 * c + j] + of[2 * c + j] ** 2), 0);
        expect(means[2 * row + j]).toBeCloseTo(mean, 11);
        expect(variances[2 * row + j]).toBeCloseTo(second - mean ** 2, 9);
      }
    });
  });
});

test("one Gaussian: the textbook's formulas", () => {
  const mixture = mixtureOf("full", 1, 2, randomStream(1, "one"));
  const [a, b, , d] = mixture.covariances;
  const conditional = mixture.conditional({ given: { 0: 1.5 } });
  expect(conditional.means[0]).toBeCloseTo(mixture.means[1] + (b / a) * (1.5 - mixture.means[0]), 13);
  expect(conditional.covariances[0]).toBeCloseTo(d - (b * b) / a, 13);
});

test.each<[() => unknown, RegExp]>([
  [() => mixtureOf("full", 2, 3, randomStream(1, "x")).marginal([]), /different features, from 0 to 2/],
  [() => mixtureOf("full", 2, 3, randomStream(1, "x")).marginal([1, 1]), /different features/],
  [() => mixtureOf("full", 2, 3, randomStream(1, "x")).conditional({ given: { 3: 1 } }), /`given`/],
  [
    () => mixtureOf("full", 2, 2, randomStream(1, "x")).conditional({ given: { 0: 1, 1: 1 } }),
    /at least one feature out/,
  ],
])("what is none is refused: %#", (ask, message) => {
  expectFailure(ask, "INVALID_OPTION", message);
});

test("points of other features are refused", () => {
  const mixture = mixtureOf("full", 2, 3, randomStream(1, "x"));
  expectFailure(() => mixture.regress([values], { given: [0] }), "FEATURES_MISMATCH", /./);
});
