import { describe, expect, test } from "vitest";
import {
  meanAndDeviation,
  medianAndFactor,
  shareText,
  timeAndDeviation,
} from "../../../../../packages/emix/src/cli/table/cells.ts";

describe("a mean", () => {
  test.each<[number, number, string]>([
    [37.781234, 0.001004, "37.7812 ± 0.0010"],
    [37.774901, 0.000996, "37.7749 ± 0.0010"],
    [4.2897, 0.4123, "4.29 ± 0.41"],
    [79.968, 6.004, "80.0 ± 6.0"],
    [2021.2, 0.2966, "2021.20 ± 0.30"],
    [1704000123.4, 61310, "1704000123 ± 61310"],
    [-0.0001, 5, "0.0 ± 5.0"],
    [0, 0.0995, "0.00 ± 0.10"],
    [1e20, 1e18, "1.000e+20 ± 1.0e+18"],
    [1.23456e-140, 2e-142, "1.235e-140 ± 2.0e-142"],
    [0, 1e-30, "0e+0 ± 1.0e-30"],
    [1e8, 1e-12, "1.0000000000000000e+8 ± 1.0e-12"],
  ])("of %d ± %d", (mean, deviation, text) => {
    expect(meanAndDeviation(mean, deviation)).toBe(text);
  });

  test("is within a tenth of its deviation, whatever both are", () => {
    for (let i = 0; i < 4000; i++) {
      const mean = Math.sin(i) * 10 ** ((i % 25) - 10);
      const deviation = (1 + Math.abs(Math.cos(i))) * 10 ** ((i % 17) - 9);
      const [shown, spread] = meanAndDeviation(mean, deviation).split(" ± ").map(Number);
      expect(Math.abs(shown - mean)).toBeLessThanOrEqual(Math.max(0.1 * deviation, 1e-15 * Math.abs(mean)));
      expect(Math.abs(spread - deviation)).toBeLessThanOrEqual(0.051 * deviation);
    }
  });
});

test.each<[number, number, string]>([
  [12.34, 1.81, "12 ×÷ 1.81"],
  [1000.2, 1.0123, "1000 ×÷ 1.012"],
  [0.5, 30, "0.50 ×÷ 30"],
])("a median %d and a factor %d", (median, factor, text) => {
  expect(medianAndFactor(median, factor)).toBe(text);
});

test.each<[number, number, string]>([
  [1704000123.4, 61310, "2023-12-31 05:22 ± 17 h"],
  [1704000123.4, 12 * 86400, "2023-12-31 ± 12 d"],
  [1704000123.4, 12, "2023-12-31 05:22:03 ± 12 s"],
  [1e18, 5, "1000000000000000000 ± 5.0 s"],
])("a time %d ± %d", (seconds, deviation, text) => {
  expect(timeAndDeviation(seconds, deviation)).toBe(text);
});

test.each<[number, string]>([
  [0.644, "64.4 %"],
  [0, "0.0 %"],
  [1, "100.0 %"],
  [1e-9, "< 0.1 %"],
  [1 - 1e-9, "> 99.9 %"],
])("a share %d", (share, text) => {
  expect(shareText(share)).toBe(text);
});
