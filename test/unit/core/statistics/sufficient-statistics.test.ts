import { describe, expect, test } from "vitest";
import { noFrames } from "../../../../packages/core/src/statistics/frames.ts";
import {
  addLogDensity,
  lowerBound,
  noStatistics,
  statisticsLayout,
} from "../../../../packages/core/src/statistics/sufficient-statistics.ts";

const layout = statisticsLayout(1, 1, "spherical");
const measure = { pivots: Float64Array.of(7), frames: noFrames(layout) };

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
