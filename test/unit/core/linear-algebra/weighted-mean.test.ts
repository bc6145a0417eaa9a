import { weightedMean } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { weightTotal } from "../../../../packages/core/src/linear-algebra/weighted-mean.ts";
import { minus, ofDouble, plus, ratio, times } from "../../../support/exact.ts";
import { law } from "../../../support/laws.ts";

const of = (...values: number[]) => Float64Array.from(values);

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
