import { openPoints, type PointsLike, summarize } from "@emix/core";
import { expect, test } from "vitest";
import { dataWarnings } from "../../../../packages/core/src/fit/data-warnings.ts";
import { tilesFrom } from "../../../../packages/core/src/points/tiling.ts";
import { inThreadExecutor } from "../../../support/in-thread-executor.ts";

const warningsOf = async (points: PointsLike) =>
  dataWarnings(await summarize(inThreadExecutor(tilesFrom(openPoints(points), { missing: "drop" }))));

test.each([
  [[0, 0], [1, 1], []],
  [[3, 0], [3, 1], [0]],
  [[0, -7], [1, -7], [1]],
  [
    [3, 5],
    [3, 5],
    [0, 1],
  ],
])("%j and %j: features %j are constant; degenerate are points where every feature is", async (a, b, features) => {
  const constant = features.map((feature) => ({ code: "CONSTANT_FEATURE", feature }));
  const degenerate = features.length === 2 ? [{ code: "DEGENERATE_DATA" }] : [];
  expect(await warningsOf([a, b])).toEqual([...degenerate, ...constant]);
});

test("rows that were left out are counted", async () => {
  const points = [
    [0, 1],
    [Number.NaN, 1],
    [2, 5],
    [3, Number.NaN],
  ];
  expect(await warningsOf(points)).toEqual([{ code: "MISSING_POINTS", points: 2 }]);
});
