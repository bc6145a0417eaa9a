import { describe, expect, test } from "vitest";
import { exponentOf, timesPower } from "../../../../packages/core/src/linear-algebra/powers-of-two.ts";

describe("powers of two", () => {
  test.each([0, 1, -1, 52, 1000, 1001, -1001, 1023, -1022, -1023, -1074])("2^%d has that exponent", (exponent) => {
    const power = 2 ** exponent;
    const [sameBinade, below] = [power * (1 + 2 ** -20), power - 2 ** Math.max(exponent - 53, -1074)];
    expect([power, -power].map(exponentOf)).toEqual([exponent, exponent]);
    if (exponent > -1054) expect(exponentOf(sameBinade)).toBe(exponent);
    if (exponent > -1074) expect(exponentOf(below)).toBe(exponent - 1);
  });

  test("0 has none, and counts as 1 does", () => {
    expect([0, -0].map(exponentOf)).toEqual([0, 0]);
  });

  test.each([
    [3, 0, 3],
    [3, 5, 96],
    [-3, -2, -0.75],
    [1, 1000, 2 ** 1000],
    [1, -1000, 2 ** -1000],
    [2 ** -1074, 2097, 2 ** 1023],
    [2 ** 1023, -2097, 2 ** -1074],
    [1.5 * 2 ** -1000, 2001, 1.5 * 2 ** 1001],
    [2 ** -1000, 2000, 2 ** 1000],
    [2 ** 1000, -2000, 2 ** -1000],
    [1, 1024, Number.POSITIVE_INFINITY],
    [1, -1075, 0],
  ])("%d · 2^%d, exactly", (value, exponent, product) => {
    expect(timesPower(value, exponent)).toBe(product);
  });
});
