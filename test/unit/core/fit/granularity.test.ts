import { describe, expect, test } from "vitest";
import { granularSteps } from "../../../../packages/core/src/fit/granularity.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { expectFailure } from "../../../support/failures.ts";

/** n × 2: a column that repeats `values` times `step`, and one that never repeats. */
const columns = (count: number, values: number, step: number, weight?: (i: number) => number) =>
  tilePoints(
    Array.from({ length: count }, (_, i) => [step * (i % values), Math.sqrt(i + 2)]),
    weight && Array.from({ length: count }, (_, i) => weight(i)),
  );

describe("granularity as given", () => {
  const tiles = tilePoints([[1, 2 ** 500]]);

  test("one number stands for every feature", () => {
    expect([...granularSteps(3, tilePoints([[1, 2]]))]).toEqual([3, 3]);
    expect([...granularSteps([3, 5], tilePoints([[1, 2]]))]).toEqual([3, 5]);
  });

  test("is in the units of the points; steps are in those of storage", () => {
    expect(tiles.exponents).toEqual([60, 60]);
    expect([...granularSteps([2 ** 60, 2 ** 61], tiles)]).toEqual([1, 2]);
  });

  test("of another number of features is refused", () => {
    expectFailure(() => granularSteps([1], tiles), "INVALID_OPTION", /one number or 2 of them/);
  });
});

describe("granularity as found", () => {
  test("the smallest gap between values, where fewer than half are different", () => {
    expect([...granularSteps("auto", columns(100, 10, 0.5))]).toEqual([0.5, 0]);
    expect([...granularSteps("auto", tilePoints([[7], [1], [4], [4], [1], [7], [4]]))]).toEqual([3]);
    expect([...granularSteps("auto", tilePoints([[7], [1], [5], [5], [1], [7], [5]]))]).toEqual([2]);
    expect([...granularSteps("auto", tilePoints([[1], [-1], [1], [-1], [9]]))]).toEqual([0]);
  });

  test("half as many values as points are too many", () => {
    expect(granularSteps("auto", columns(20, 10, 1))[0]).toBe(0);
    expect(granularSteps("auto", columns(21, 10, 1))[0]).toBe(1);
  });

  test("one value has no gap", () => {
    expect([...granularSteps("auto", columns(20, 1, 0))]).toEqual([0, 0]);
  });

  test("points of weight 0 have no say", () => {
    const tiles = (weight: number) => tilePoints([[0], [2], [0], [2], [0], [2], [1]], [1, 1, 1, 1, 1, 1, weight]);
    expect([...granularSteps("auto", tiles(1))]).toEqual([1]);
    expect([...granularSteps("auto", tiles(0))]).toEqual([2]);
  });

  test("of many points it looks at every so many", () => {
    // 8193 points, every third: 2731 of them. What lies between, in steps of ½, goes unseen.
    const count = 8193;
    const seen = (offset: number) =>
      granularSteps("auto", tilePoints(Array.from({ length: count }, (_, i) => [i % 3 === offset ? 0.5 : i % 2])))[0];
    expect([seen(0), seen(1), seen(2)]).toEqual([0, 1, 1]);
    // up to 4096 points, at all
    const all = Array.from({ length: 4096 }, (_, i) => [i % 3 === 1 ? 0.5 : i % 2]);
    expect(granularSteps("auto", tilePoints(all))[0]).toBe(0.5);
  });
});
