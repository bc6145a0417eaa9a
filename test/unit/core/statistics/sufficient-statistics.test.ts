import { describe, expect, test } from "vitest";
import { rounded } from "../../../../packages/core/src/linear-algebra/compensated-sum.ts";
import { unframed } from "../../../../packages/core/src/statistics/frames.ts";
import {
  addLogDensity,
  addStatistics,
  lowerBound,
  noStatistics,
  statisticsLayout,
} from "../../../../packages/core/src/statistics/sufficient-statistics.ts";

const layout = statisticsLayout(1, 1, "spherical");
const measure = { pivots: Float64Array.of(7), frames: unframed(layout) };

function statisticsOf(sums: number[], errors: number[]) {
  const statistics = noStatistics(layout, measure);
  statistics.sums.set(sums);
  statistics.errors.set(errors);
  return statistics;
}

describe("sufficient statistics", () => {
  test("stand one after the other", () => {
    expect(statisticsLayout(3, 2, "full")).toMatchObject({
      responsibilitySums: 2,
      weightedSums: 5,
      scatter: 11,
      length: 20,
    });
    expect(statisticsLayout(3, 2, "tied").length).toBe(14);
    expect(statisticsLayout(3, 2, "diag").length).toBe(17);
    expect(statisticsLayout(3, 2, "spherical").length).toBe(14);
  });

  test("of no point are 0, with what they would be measured from", () => {
    const none = new Float64Array(5);
    expect(noStatistics(layout, measure)).toEqual({ layout, ...measure, sums: none, errors: none });
  });

  test("keep the errors of their sums, of those before and of those added", () => {
    const both = statisticsOf([2 ** 60, 1, 0, 0, 0], [1, 2, 3, 4, 5]);
    const added = Float64Array.of(1, 1, 0, 0, 0);
    addStatistics(both, added);
    addStatistics(both, Float64Array.of(10, 20, 30, 40, 50));
    expect([...both.sums]).toEqual([2 ** 60, 22, 30, 40, 50]);
    expect([...both.errors]).toEqual([12, 2, 3, 4, 5]);
    expect([...rounded(both)]).toEqual([2 ** 60, 24, 33, 44, 55]);
    expect([...added]).toEqual([1, 1, 0, 0, 0]);
  });

  test("are added from an offset on", () => {
    const [sums, errors] = [Float64Array.of(2 ** 60, 1), Float64Array.of(0.5, 0)];
    addStatistics({ sums, errors }, Float64Array.of(9, 9, 3, 4), 2);
    expect([...sums, ...errors]).toEqual([2 ** 60, 5, 3.5, 0]);
  });

  test("a log density of every point adds its multiple of all weights", () => {
    const statistics = statisticsOf([2 ** 60, 5, 0, 0, 0], [0.25, 1, 0, 0, 0]);
    addLogDensity(statistics, 0.5);
    expect([...statistics.sums]).toEqual([2 ** 60, 5, 0, 0, 0]);
    expect([...statistics.errors]).toEqual([3.25, 1, 0, 0, 0]);
  });

  test("the lower bound is the mean, errors and all", () => {
    expect(lowerBound(statisticsOf([-10, 3, 0, 0, 0], [-2, 1, 0, 0, 0]))).toBe(-3);
  });
});
