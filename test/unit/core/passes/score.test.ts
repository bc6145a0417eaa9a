import { expectedLogLikelihood } from "@emix/core";
import { describe, expect, test } from "vitest";

const of = (...values: number[]) => Float64Array.from(values);

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
