import { absoluteRegularization, type PointsLike, regularizationFor, summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { constantFeatures } from "../../../packages/core/src/regularization.ts";
import { expectFailure } from "../../support/failures.ts";
import { executorOf } from "../../support/steps.ts";

const summaryOf = (points: PointsLike, weights?: number[]) => summarize(executorOf(points, weights));
const plain = { regularization: 1e-3, granularity: 0 };
const spread = [
  [0, 10],
  [2, 30],
];

describe("from options to floors", () => {
  test("ε times the data's own variance, feature by feature", async () => {
    const { floors, ridge } = regularizationFor(plain, await summaryOf(spread));
    expect([...floors]).toEqual([1e-3, 1e-3 * 100]);
    expect(ridge).toBe(0);
  });

  test("an absolute one is a ridge", async () => {
    const given = { regularization: { absolute: 1e-6 }, granularity: 0 };
    expect(regularizationFor(given, await summaryOf(spread))).toEqual({ floors: Float64Array.of(0, 0), ridge: 1e-6 });
  });

  test("granularity h is a floor of h²/12 where that is more", async () => {
    const one = regularizationFor({ regularization: 1e-3, granularity: 1 }, await summaryOf(spread));
    expect([...one.floors]).toEqual([1 / 12, 0.1]);
    const each = regularizationFor({ regularization: 1e-3, granularity: [0, 6] }, await summaryOf(spread));
    expect([...each.floors]).toEqual([1e-3, 3]);
  });

  test.each([[[1, 0]], [[0, 1]]])("granularity %j alone leaves the other feature all but free", async (granularity) => {
    const { floors } = regularizationFor({ regularization: 0, granularity }, await summaryOf(spread));
    floors.forEach((floor, j) => {
      if (granularity[j] === 1) expect(floor).toBe(1 / 12);
      else expect(floor > 0 && floor < 1e-15).toBe(true);
    });
  });

  test("granularity for another number of features", async () => {
    const summary = await summaryOf(spread);
    expectFailure(
      () => regularizationFor({ regularization: 0, granularity: [1, 2, 3] }, summary),
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
    expect(regularizationFor(plain, summary).floors[0]).toBeCloseTo(floor, 15);
    expect(regularizationFor(plain, summary).floors[0]).toBeGreaterThan(0);
    expect(constantFeatures(summary)).toEqual([{ code: "CONSTANT_FEATURE", feature: 0 }]);
  });

  test("two values one rounding apart are constant; two a millionth apart are not", async () => {
    const near = await summaryOf([[1e8], [1e8 + 2 ** -26]]);
    expect(constantFeatures(near)).toHaveLength(1);
    expect(constantFeatures(await summaryOf([[1e8], [1e8 + 1e-6]]))).toEqual([]);
    expect(constantFeatures(await summaryOf([[-1.7e308], [1.7e308]]))).toEqual([]);
  });

  test("variances beyond the doubles are typed errors", async () => {
    const tiny = await summaryOf([
      [1, 1e-170],
      [2, 3e-170],
    ]);
    const error = expectFailure(() => regularizationFor(plain, tiny), "UNDERFLOW", /for feature 1/);
    expect(error.details.feature).toBe(1);
    for (const huge of [1e160, 1.7e308]) {
      const summary = await summaryOf([[-huge], [huge]]);
      expectFailure(() => regularizationFor(plain, summary), "OVERFLOW", /scale the features/);
    }
  });

  test("without a summary only 0 or a ridge has a meaning", () => {
    expect(absoluteRegularization(0, 2)).toEqual({ floors: new Float64Array(2), ridge: 0 });
    expect(absoluteRegularization({ absolute: 2 }, 1)).toEqual({ floors: new Float64Array(1), ridge: 2 });
    const anything = (value: unknown) => () => absoluteRegularization(value as 0, 1);
    for (const bad of [1e-3, null, "0"])
      expectFailure(anything(bad), "INVALID_OPTION", /0 or \{ absolute: variance \}/);
    for (const bad of [{}, { absolute: -1 }, { absolute: Number.NaN }]) {
      expectFailure(anything(bad), "INVALID_OPTION", /`regularization.absolute` to be a finite number from 0 up/);
    }
  });
});
