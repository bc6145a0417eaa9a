import { outlierThreshold, tailProbability, tailQuantiles } from "@emix/io";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";

const random = randomStream(5, "outliers");
const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
const flagged = (values: Float64Array, threshold: number) => values.filter((value) => value < threshold).length;

describe("quantiles of log densities", () => {
  test.each([100, 1000, 1234])("flag the share of the points that was asked for, rounded down: %d points", (count) => {
    const values = normals(count);
    const quantiles = tailQuantiles(values, null);
    for (const fraction of [0.01, 0.02, 0.05, 0.1, 0.5, 0.99]) {
      expect(flagged(values, outlierThreshold(quantiles, fraction))).toBe(Math.floor(fraction * count + 1e-9));
    }
  });

  test("between the fixed probabilities at most one point more or less than the share", () => {
    const values = normals(10_000);
    const quantiles = tailQuantiles(values, null);
    expect(flagged(values, outlierThreshold(quantiles, 0.003))).toBeGreaterThan(20);
    expect(flagged(values, outlierThreshold(quantiles, 0.003))).toBeLessThan(50);
  });

  test("a weight of 2 is two points, a weight of 0 none, and NaN is a row that was left out", () => {
    const twice = Float64Array.of(3, 1, 2, 1, 2, 3);
    const weighted = Float64Array.of(1, 2, 3, -100, Number.NaN);
    expect(tailQuantiles(weighted, [2, 2, 2, 0, 5])).toEqual(tailQuantiles(twice, null));
    expect(tailQuantiles(Float64Array.of(1, Number.NaN, 2, 3, 1, 2, 3), null)).toEqual(tailQuantiles(twice, null));
  });

  test("are those of all values in order, however far some lie out and however many are equal", () => {
    const far = (value: number, row: number) => (row % 97 === 0 ? -1e9 * (1 + row) : value);
    for (const values of [
      normals(5000),
      normals(5000).map(far),
      normals(5000).map((value) => Math.round(3 * value)),
      normals(5000).map((value, row) => (row % 7 === 0 ? Number.NEGATIVE_INFINITY : value)),
    ]) {
      const { probabilities, logDensities } = tailQuantiles(values, null);
      const sorted = values.toSorted();
      probabilities.slice(0, -1).forEach((probability, i) => {
        const next = sorted[Math.floor(probability * values.length * (1 + 1e-12))];
        const below = sorted.findLast((value) => value < next) ?? next;
        expect(logDensities[i]).toBe((below + next) / 2);
      });
    }
  });

  test("are the least and the greatest at the ends", () => {
    const { probabilities, logDensities } = tailQuantiles(Float64Array.of(5, -3, 2), null);
    expect([probabilities[0], logDensities[0], probabilities.at(-1), logDensities.at(-1)]).toEqual([0, -3, 1, 5]);
    expect(tailQuantiles(Float64Array.of(7), null).logDensities.every((value) => value === 7)).toBe(true);
  });

  test("the tail probability of a point is the share of those less likely, and inverts the threshold", () => {
    const values = normals(5000);
    const quantiles = tailQuantiles(values, null);
    for (const value of [-4, -2.5, -1, 0, 0.7]) {
      expect(Math.abs(tailProbability(quantiles, value) - flagged(values, value) / 5000)).toBeLessThan(0.01);
    }
    for (const fraction of [0.0004, 0.01, 0.033, 0.5]) {
      expect(tailProbability(quantiles, outlierThreshold(quantiles, fraction))).toBeCloseTo(fraction, 12);
    }
  });

  test("beyond the training points: 0 below, 1 above; NaN stays NaN; equal points are never outliers", () => {
    const quantiles = tailQuantiles(Float64Array.of(1, 2, 3), null);
    expect([0.5, 3, 9, Number.NaN].map((value) => tailProbability(quantiles, value))).toEqual([0, 1, 1, Number.NaN]);
    const equal = tailQuantiles(new Float64Array(50).fill(-2), null);
    expect(outlierThreshold(equal, 0.3)).toBe(-2);
    expect(tailProbability(equal, -2)).toBe(1);
  });
});
