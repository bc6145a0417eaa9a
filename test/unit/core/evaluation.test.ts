import { expectedLogLikelihood, weightedMean } from "@emix/core";
import { describe, expect, test } from "vitest";

const of = (...values: number[]) => Float64Array.from(values);

describe("a weighted mean", () => {
  test("by hand", () => {
    expect(weightedMean(of(1, 2, 6), null)).toBe(3);
    expect(weightedMean(of(1, 2, 6), [1, 1, 2])).toBe(3.75);
  });

  test("keeps what plain sums lose", () => {
    // Ten times 0.1 after 1e16: the plain sum stays at 1e16.
    const values = [1e16, ...new Array(8).fill(1), -1e16, ...new Array(6).fill(0)];
    expect(weightedMean(Float64Array.from(values), null)).toBe(0.5);
    expect(
      weightedMean(
        Float64Array.from(values),
        values.map(() => 0.25),
      ),
    ).toBe(0.5);
  });

  test("what weighs nothing is not looked at", () => {
    expect(weightedMean(of(Number.NaN, 3, Number.NEGATIVE_INFINITY), [0, 2, 0])).toBe(3);
  });

  test("of weights near the ends of the doubles", () => {
    for (const size of [2 ** 800, 2 ** -800]) {
      expect(weightedMean(of(2 ** 300, 3 * 2 ** 300), [size, size])).toBe(2 ** 301);
      expect(weightedMean(of(2 ** -300, 3 * 2 ** -300), [size, size])).toBe(2 ** -299);
    }
  });
});

describe("the expected log-likelihood", () => {
  test("by hand: Σ w Σ γ L / Σ w", () => {
    expect(expectedLogLikelihood(of(-1, -2, -3, -4), [0.5, 0.5, 1, 0], 2, null)).toBe(-2.25);
    expect(expectedLogLikelihood(of(-1, -2, -3, -4), [0.5, 0.5, 1, 0], 2, [3, 1])).toBe(-1.875);
    expect(expectedLogLikelihood(of(-1, -2, -3), [1, 0.5, 1], 1, null)).toBe(-5 / 3);
  });

  test("where nothing is expected, −∞ is no matter", () => {
    expect(expectedLogLikelihood(of(-1, Number.NEGATIVE_INFINITY), [1, 0], 2, null)).toBe(-1);
  });
});
