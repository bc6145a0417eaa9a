import { GaussianMixture, weightedMean } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { weightTotal } from "../../../packages/core/src/evaluation.ts";
import { minus, ofDouble, plus, ratio, times } from "../../support/exact.ts";
import { law } from "../../support/laws.ts";

const weights = fc.array(fc.tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -12, max: 12 })), {
  minLength: 1,
  maxLength: 60,
});

describe("means of many numbers", () => {
  law("Σ w v / Σ w, to the last bits of itself", weights, 100, (pairs) => {
    const given = pairs.map(([fraction, exponent]) => fraction * 10 ** exponent);
    const values = Float64Array.from(given, (_, i) => (i % 2 === 0 ? -1 : 1) * (i + 1 / 3));
    const sum = given.map((weight, i) => times(ofDouble(weight), ofDouble(values[i]))).reduce(plus);
    const total = given.map(ofDouble).reduce(plus);
    const product = times(ofDouble(weightedMean(values, given)), total);
    expect(ratio(minus(product, sum), sum)).toBeLessThan(4 * 2 ** -53);
  });

  test("what cancels was there", () => {
    expect(weightedMean(Float64Array.of(2 ** 60, 3, -(2 ** 60)), null)).toBe(1);
    expect(weightedMean(Float64Array.of(1 + 2 ** -30, -1 - 2 ** -29), [1 + 2 ** -30, 1])).toBe(
      2 ** -60 / (2 + 2 ** -30),
    );
  });

  test("weights near the end of the doubles, and of 0", () => {
    expect(weightedMean(Float64Array.of(1, 3, Number.NEGATIVE_INFINITY), [2 ** 1022, 2 ** 1022, 0])).toBe(2);
  });

  test("the total of weights that are far apart", () => {
    expect(weightTotal(3, [2 ** 53, 1, 1])).toBe(2 ** 53 + 2);
    expect(weightTotal(3, null)).toBe(3);
  });
});

test("criteria of points whose weights are far apart", () => {
  const mixture = GaussianMixture.fromParameters({
    weights: [1],
    means: [0],
    covariances: [1],
    covarianceType: "spherical",
  });
  const points = [[0], ...Array.from({ length: 64 }, () => [1])];
  const pointWeights = points.map((_, i) => (i === 0 ? 2 ** 53 : 0.5));
  const logLikelihood = -0.5 * Math.log(2 * Math.PI) * (2 ** 53 + 32) - 16;
  const count = 2 ** 53 + 32;
  expect(mixture.bic(points, pointWeights)).toBeCloseTo(-2 * logLikelihood + 2 * Math.log(count), -1);
  expect(mixture.icl(points, pointWeights)).toBe(mixture.bic(points, pointWeights));
});
