import { describe, expect, test } from "vitest";
import {
  around,
  count,
  countOf,
  meanAndDeviation,
  percent,
  quantity,
  toFixed,
} from "../../../../packages/report/src/words/numbers.ts";

describe("a mean with its standard deviation", () => {
  test.each([
    [5.006, 0.34895, "5.01 ± 0.35"],
    [80, 6.011, "80.0 ± 6.0"],
    [80.03, 12.4, "80 ± 12"],
    [1234.5, 120, "1230 ± 120"],
    [48.86037, 0.0004, "48.86037 ± 0.00040"],
    [48.86037, 0.00043, "48.86037 ± 0.00043"],
    [-0.0001, 0.35, "0.00 ± 0.35"],
    [-3.21, 0.35, "−3.21 ± 0.35"],
    [100000000.25, 0.5, "100,000,000.25 ± 0.50"],
    [1700000000123.4, 5, "1,700,000,000,123.4 ± 5.0"],
    [1.234e12, 3e10, "(1.234 ± 0.030)\u202f×\u202f10¹²"],
    [1.5e-9, 2e-10, "(1.50 ± 0.20)\u202f×\u202f10⁻⁹"],
    [3, 0, "3 ± 0"],
    [1, 0.1, "1.00 ± 0.10"],
  ])("%d, %d: %s", (mean, deviation, text) => {
    expect(meanAndDeviation(mean, deviation)).toBe(text);
  });

  test("is shown to a tenth of the deviation for any scale, so groups ten deviations apart differ", () => {
    for (let exponent = -12; exponent <= 12; exponent++) {
      for (const digit of [1, 1.4, 3.3, 9.9]) {
        const deviation = digit * 10 ** exponent;
        const texts = [100, 110].map((many) => around(many * deviation, deviation));
        expect(texts[0], `deviation ${deviation}`).not.toBe(texts[1]);
      }
    }
  });
});

test("numbers that stand alone", () => {
  expect(["0", "−1.20124", "123,457", "5", "1.235\u202f×\u202f10⁻⁷"]).toEqual(
    [0, -1.201244, 123456.7, 5, 1.2345e-7].map(quantity),
  );
  expect([quantity(Number.NaN), quantity(Number.NEGATIVE_INFINITY)]).toEqual(["unknown", "−∞"]);
  expect([count(999), count(12345), countOf(1, "row"), countOf(2, "row")]).toEqual([
    "999",
    "12,345",
    "1\u00a0row",
    "2\u00a0rows",
  ]);
  expect([toFixed(-0.04, 1), toFixed(574.02, 1)]).toEqual(["0.0", "574.0"]);
});

test("shares: none is 0 % or 100 % unless it is", () => {
  const texts = [0, 0.0004, 0.004, 0.043, 0.43, 0.994, 0.9996, 1].map((share) => percent(share).replace("\u202f", " "));
  expect(texts).toEqual(["0 %", "under 0.1 %", "0.4 %", "4.3 %", "43 %", "99.4 %", "over 99.9 %", "100 %"]);
});
