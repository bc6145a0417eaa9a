import { type EmixError, type PointsLike, summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { isConstant, regularizationFor, ridgesOf } from "../../../../packages/core/src/fit/regularization.ts";
import type { Summary } from "../../../../packages/core/src/fit/summary.ts";
import { expectFailure } from "../../../support/failures.ts";
import { limitsFor, regularizationOf } from "../../../support/regularization.ts";
import { executorOf } from "../../../support/steps.ts";

const summaryOf = (points: PointsLike, weights?: number[]) => summarize(executorOf(points, weights));
/** ε = 10⁻³, of points that are rounded to no steps. */
const plain = (summary: Summary) => regularizationFor(1e-3, new Float64Array(summary.variances.length), summary);
const spread = [
  [0, 10],
  [2, 30],
];

describe("from options to floors", () => {
  test("ε times the data's own variance, feature by feature", async () => {
    const { floors, ridges } = plain(await summaryOf(spread));
    expect([...floors]).toEqual([1e-3, 1e-3 * 100]);
    expect([...ridges]).toEqual([0, 0]);
  });

  test("an absolute one is a ridge", async () => {
    const given = regularizationFor({ absolute: 1e-6 }, new Float64Array(2), await summaryOf(spread));
    expect(given).toEqual(regularizationOf([0, 0], 1e-6));
  });

  test("granularity h is a floor of h²/12 where that is more", async () => {
    const one = regularizationFor(1e-3, Float64Array.of(1, 1), await summaryOf(spread));
    expect([...one.floors]).toEqual([1 / 12, 0.1]);
    const each = regularizationFor(1e-3, Float64Array.of(0, 6), await summaryOf(spread));
    expect([...each.floors]).toEqual([1e-3, 3]);
  });

  test.each([[[1, 0]], [[0, 1]]])("granularity %j alone leaves the other feature all but free", async (granularity) => {
    const { floors } = regularizationFor(0, Float64Array.from(granularity), await summaryOf(spread));
    expect([...floors]).toEqual([1, 100].map((variance, j) => (granularity[j] === 1 ? 1 / 12 : 1e-20 * variance)));
  });

  test("granularity for another number of features", async () => {
    const summary = await summaryOf(spread);
    expectFailure(
      () => limitsFor({ regularization: 0, granularity: [1, 2, 3] }, summary),
      "INVALID_OPTION",
      "Expected `granularity` to be one number or 2 of them, got an array of length 3.",
    );
  });

  test.each([
    [7, 49e-3],
    [-7, 49e-3],
    [0, 1e-3],
    [1e-300, 2 ** -600 * 1e-3],
    [1.7e308, 2 ** 600 * 1e-3],
    [0.1, 0.01e-3],
  ])("a constant feature of %s: measured by its square", async (value, floor) => {
    const summary = await summaryOf([[value], [value], [value]]);
    expect(plain(summary).floors[0]).toBeCloseTo(floor, 15);
    expect(plain(summary).floors[0]).toBeGreaterThan(0);
    expect(isConstant(summary, 0)).toBe(true);
  });

  test("two values one rounding apart are constant; two a millionth apart are not", async () => {
    const near = await summaryOf([[1e8], [1e8 + 2 ** -26]]);
    expect(isConstant(near, 0)).toBe(true);
    expect(isConstant(await summaryOf([[1e8], [1e8 + 1e-6]]), 0)).toBe(false);
    expect(isConstant(await summaryOf([[-1.7e308], [1.7e308]]), 0)).toBe(false);
  });

  test("variances beyond the doubles are those of scaled points: floors stay in range", async () => {
    for (const size of [1e-170, 1e-300, 1e160, 8e307]) {
      const { floors } = plain(await summaryOf([[-size], [size]]));
      expect(floors[0] > 2 ** -1022 && floors[0] < 2 ** 1023).toBe(true);
    }
  });

  test("an absolute one is in the units of the points, and stays finite in those of storage", () => {
    const ridges = (...exponents: number[]) => [...ridgesOf(3, exponents.length, exponents).ridges];
    expect(ridges(10, 0, -10)).toEqual([3 * 2 ** -20, 3, 3 * 2 ** 20]);
    expect(ridges(-600)).toEqual([Number.MAX_VALUE]);
  });

  const summaryWith = async (variance: number, least: number, greatest: number) => ({
    ...(await summaryOf([[0], [1]])),
    variances: Float64Array.of(variance),
    least: Float64Array.of(least),
    greatest: Float64Array.of(greatest),
  });

  test("the square of a constant is kept from under- and overflow", async () => {
    const none = new Float64Array(1);
    const floor = async (value: number) => regularizationFor(1, none, await summaryWith(0, value, value)).floors[0];
    expect(await floor(-3)).toBe(9);
    expect(await floor(1e-200)).toBe(2 ** -600);
    expect(await floor(-1e200)).toBe(2 ** 600);
  });

  test("a variance must be a normal number", async () => {
    const code = async (variance: number) => {
      const summary = await summaryWith(variance, 0, 1);
      try {
        return plain(summary).floors[0] / variance;
      } catch (error) {
        return (error as EmixError).code;
      }
    };
    expect(await code(Number.POSITIVE_INFINITY)).toBe("OVERFLOW");
    expect(await code(Number.NaN)).toBe("OVERFLOW");
    const second = { ...(await summaryOf(spread)), variances: Float64Array.of(1, Number.POSITIVE_INFINITY) };
    expectFailure(() => plain(second), "OVERFLOW", /that of feature 1 \(counted from 0\) overflows/);
    expect(await code(2 ** -1023)).toBe("UNDERFLOW");
    expect(await code(2 ** -1000)).toBeCloseTo(1e-3, 15);
  });

  test("a floor that means nothing is a positive number all the same", async () => {
    const both = await summaryOf([
      [0, 0],
      [1, 1],
    ]);
    const { floors } = regularizationFor(0, Float64Array.of(0, 1), {
      ...both,
      variances: Float64Array.of(2 ** -1020, 1),
    });
    expect([...floors]).toEqual([Number.MIN_VALUE, 1 / 12]);
  });

  test("without floors it is 0 or a ridge", () => {
    expect(ridgesOf(0, 2, null)).toEqual(regularizationOf([0, 0]));
    expect(ridgesOf(2, 1, null)).toEqual(regularizationOf([0], 2));
  });
});
