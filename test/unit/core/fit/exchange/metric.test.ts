import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { inMetric, scalesOf } from "../../../../../packages/core/src/fit/exchange/metric.ts";

const gaussian = (scale = 1) =>
  GaussianMixture.fromParameters({
    weights: [1],
    means: [[1 * scale, 2]],
    covariances: [
      [
        [4 * scale * scale, 1 * scale],
        [1 * scale, 9],
      ],
    ],
  }).parameters;

describe("points in a metric", () => {
  test("standardized: in standard deviations from the mean", () => {
    const point = Float64Array.of(5, -4);
    inMetric("standardized", gaussian())(point);
    expect([...point]).toEqual([2, -2]);
    expect([...scalesOf(gaussian())]).toEqual([1 / 2, 1 / 3]);
  });

  test("whitened: squared lengths are Mahalanobis distances", () => {
    const point = Float64Array.of(2, 4);
    inMetric("whitened", gaussian())(point);
    // (1, 2) Σ⁻¹ (1, 2)ᵀ with Σ⁻¹ = ((9, −1), (−1, 4)) / 35
    expect(point[0] ** 2 + point[1] ** 2).toBeCloseTo((9 - 4 + 16) / 35, 14);
  });

  test.each(["standardized", "whitened"] as const)("%s: powers of two in a feature change no bit", (metric) => {
    const [plain, scaled] = [Float64Array.of(0.3, 0.7), Float64Array.of(0.3 * 2 ** 30, 0.7)];
    inMetric(metric, gaussian())(plain);
    inMetric(metric, gaussian(2 ** 30))(scaled);
    expect(scaled).toEqual(plain);
  });

  test("a feature without variance does not count", () => {
    const constant = { ...gaussian(), packedCovariances: Float64Array.of(0, 0, 9) };
    expect([...scalesOf(constant)]).toEqual([0, 1 / 3]);
  });
});
