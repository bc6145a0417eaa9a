import { summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { error } from "../../../support/compare.ts";
import { executorOf } from "../../../support/steps.ts";

describe("the summary of the points", () => {
  test("counts, means, variances and ranges", async () => {
    const points = [
      [1, -5],
      [2, 5],
      [6, 0],
    ];
    const executor = executorOf(points);
    const { variances, ...others } = await summarize(executor);
    expect(variances[0]).toBeCloseTo(14 / 3, 14);
    expect(variances[1]).toBeCloseTo(50 / 3, 14);
    expect(others).toEqual({
      counted: 3,
      weightTotal: 3,
      means: Float64Array.of(3, 0),
      least: Float64Array.of(1, -5),
      greatest: Float64Array.of(6, 5),
      leastAt: Float64Array.of(0, 0),
      greatestAt: Float64Array.of(2, 1),
      tiles: executor.tiles,
    });
  });

  test("weights count; rows of weight 0 do not, not even for the range", async () => {
    const points = [[1e300], [1], [2], [-1e300]];
    const summary = await summarize(executorOf(points, [0, 3, 1, 0]));
    expect([summary.counted, summary.weightTotal]).toEqual([2, 4]);
    expect([summary.least[0], summary.greatest[0]]).toEqual([1, 2]);
    expect([summary.leastAt[0], summary.greatestAt[0]]).toEqual([1, 2]);
    expect([...summary.means]).toEqual([1.25]);
    expect([...summary.variances]).toEqual([0.1875]);
  });

  test.each([1, 1e4, 1e8, 1e12])("many blocks, all at an offset of %s: every digit", async (offset) => {
    const count = 20_000;
    const data = Float64Array.from({ length: count }, (_, i) => offset + (i % 8));
    const summary = await summarize(executorOf({ data, features: 1 }));
    expect(summary.means[0]).toBe(offset + 3.5);
    expect(error(summary.variances[0], 5.25)).toBeLessThan(1e-15);
  });

  test("one point, and equal points, have variance 0", async () => {
    for (const points of [[[0.1]], new Array(1000).fill([0.1])]) {
      const { variances, means } = await summarize(executorOf(points));
      expect(Math.abs(variances[0])).toBeLessThan(1e-30);
      expect(error(means[0], 0.1)).toBeLessThan(1e-16);
    }
  });

  test("over blocks of 2048 points: each counts, each may hold the extremes", async () => {
    const count = 5000;
    const data = Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 1 : -1) * Math.floor(i / 2));
    const { counted, weightTotal, means, variances, least, greatest, leastAt, greatestAt } = await summarize(
      executorOf({ data, features: 2 }),
    );
    expect([...leastAt, ...greatestAt]).toEqual([0, 4999, 4999, 0]);
    expect([counted, weightTotal, ...means]).toEqual([count, count, 2499.5, -2499.5]);
    expect([...variances]).toEqual([1, 1].map((sign) => expect.closeTo((sign * (count ** 2 - 1)) / 12, 6)));
    expect([...least, ...greatest]).toEqual([0, -4999, 4999, 0]);
  });

  test("a first point far away costs the variances nothing", async () => {
    const data = Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? 1e9 : i % 8));
    const weights = data.map((_, i) => (i === 0 ? 1e-30 : 1));
    const { variances } = await summarize(executorOf({ data, features: 1 }, [...weights]));
    const exact = [...data].slice(1);
    const mean = exact.reduce((sum, x) => sum + x, 0) / 999;
    expect(error(variances[0], exact.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 999)).toBeLessThan(1e-11);
  });

  test("a mean that no double holds costs the variance nothing", async () => {
    // 2⁵² + ⅔ is rounded to 2⁵² + 1
    const { means, variances } = await summarize(executorOf([[2 ** 52], [2 ** 52 + 1], [2 ** 52 + 1]]));
    expect(means[0]).toBe(2 ** 52 + 1);
    expect(variances[0]).toBeCloseTo(2 / 9, 15);
  });

  test("what each block's sum would lose is kept", async () => {
    const data = Float64Array.from({ length: 8192 }, (_, i) => i);
    const weights = data.map((i) => (i === 0 ? 2 ** 60 : i % 2048 === 0 ? 100 : 0));
    const { counted, weightTotal, means } = await summarize(executorOf({ data, features: 1 }, [...weights]));
    // the doubles beside 2⁶⁰ lie 256 apart, and 300 is nearest to the next
    expect([counted, weightTotal]).toEqual([4, 2 ** 60 + 256]);
    expect(means[0]).toBe((100 * (2048 + 4096 + 6144)) / (2 ** 60 + 256));
  });
});
