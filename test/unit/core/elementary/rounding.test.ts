import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quotientError, twoProductError, twoSumError } from "../../../../packages/core/src/elementary/rounding.ts";
import { add, compensatedSums } from "../../../../packages/core/src/linear-algebra/compensated-sum.ts";
import { minus, ofDouble, plus, type Rational, ratio, times } from "../../../support/exact.ts";
import { law } from "../../../support/laws.ts";

/** Of any size at which no product or quotient of two leaves the normal doubles, nor does its error. */
const number = fc
  .tuple(fc.integer({ min: -(2 ** 53), max: 2 ** 53 }), fc.integer({ min: -300, max: 300 }))
  .map(([fraction, exponent]) => fraction * 2 ** exponent);
const divisor = number.filter((value) => value !== 0);

const isZero = ({ numerator }: Rational) => numerator === 0n;

describe("errors of one operation", () => {
  law("a + b = sum + error, exactly", fc.tuple(number, number), 200, ([a, b]) => {
    const sum = a + b;
    const left = minus(plus(ofDouble(a), ofDouble(b)), ofDouble(sum));
    expect(isZero(minus(left, ofDouble(twoSumError(a, b, sum))))).toBe(true);
  });

  law("a · b = product + error, exactly", fc.tuple(number, number), 200, ([a, b]) => {
    const product = a * b;
    const left = minus(times(ofDouble(a), ofDouble(b)), ofDouble(product));
    expect(isZero(minus(left, ofDouble(twoProductError(a, b, product))))).toBe(true);
  });

  law("a / b = quotient + error, to twice the digits", fc.tuple(number, divisor), 200, ([a, b]) => {
    const quotient = a / b;
    const both = plus(ofDouble(quotient), ofDouble(quotientError(a, b, quotient)));
    const left = minus(times(both, ofDouble(b)), ofDouble(a));
    expect(a === 0 ? isZero(left) : ratio(left, ofDouble(a)) <= 2 ** -105).toBe(true);
  });

  test("what leaves the doubles has no error", () => {
    expect(twoProductError(1e308, 0.5, 5e307)).toBe(0);
    expect(twoProductError(1e200, 1e200, Number.POSITIVE_INFINITY)).toBe(0);
  });
});

describe("compensated sums", () => {
  law("of numbers of any size: one rounding", fc.array(number, { minLength: 1, maxLength: 40 }), 100, (values) => {
    const total = compensatedSums(2);
    for (const value of values) add(total, 1, value);
    const exact = values.map(ofDouble).reduce(plus);
    const size = values.reduce((sum, value) => sum + Math.abs(value), 0);
    const left = minus(minus(exact, ofDouble(total.sums[1])), ofDouble(total.errors[1]));
    expect(size === 0 || ratio(left, ofDouble(size)) <= 40 * 2 ** -105).toBe(true);
    expect([total.sums[0], total.errors[0]]).toEqual([0, 0]);
  });

  test("go on from sums that are given", () => {
    const total = compensatedSums(1, Float64Array.of(1));
    add(total, 0, 2 ** -60);
    expect([total.sums[0], total.errors[0]]).toEqual([1, 2 ** -60]);
  });
});
