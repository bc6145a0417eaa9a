import { openPoints, type PointsLike, tileInChunks, tilePoints } from "@emix/core";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { expectFailure } from "../../../support/failures.ts";

const expected = [
  [1, 2],
  [3, 4],
  [5, 6],
];

describe("points as callers have them", () => {
  test.each<[string, PointsLike]>([
    ["rows", expected],
    ["rows of typed arrays", expected.map((row) => Float64Array.from(row))],
    ["a flat Float64Array", { data: Float64Array.from(expected.flat()), features: 2 }],
    ["a flat Float32Array", { data: Float32Array.from(expected.flat()), features: 2 }],
    ["an ml-matrix Matrix", new Matrix(expected)],
  ])("%s", (_, given) => {
    const points = openPoints(given);
    expect([points.count, points.features]).toEqual([3, 2]);
    expect(points.dtype).toBe("data" in given && given.data instanceof Float32Array ? "f32" : "f64");
    expect(expected.map((row, i) => row.map((_, j) => points.coordinate(i, j)))).toEqual(expected);
    expect([...tilePoints(given).data.slice(0, 3)]).toEqual([1, 3, 5]);
  });

  const bad = (value: unknown) => value as PointsLike;

  test.each<[string, unknown, string, RegExp]>([
    ["nothing", undefined, "INVALID_POINTS", /got undefined\.$/],
    ["null", null, "INVALID_POINTS", /got null\.$/],
    ["a number", 3, "INVALID_POINTS", /got 3\.$/],
    ["a string", "1,2", "INVALID_POINTS", /got "1,2"\.$/],
    ["a bare typed array", Float64Array.of(1, 2), "INVALID_POINTS", /got a Float64Array of 16 bytes\.$/],
    ["an unknown object", { x: 1 }, "INVALID_POINTS", /got an object with keys x\.$/],
    [
      "integers",
      { data: Int32Array.of(1), features: 1 },
      "INVALID_POINTS",
      /`data` in a Float64Array .* got a Int32Array/,
    ],
    [
      "plain numbers",
      { data: [1], features: 1 },
      "INVALID_POINTS",
      /`data` in a Float64Array .* got an array of length 1/,
    ],
    ["no features", { data: Float64Array.of(1) }, "INVALID_POINTS", /number of `features` from 1 up, got undefined/],
    ["0 features", { data: Float64Array.of(1), features: 0 }, "INVALID_POINTS", /got 0\.$/],
    ["1.5 features", { data: Float64Array.of(1), features: 1.5 }, "INVALID_POINTS", /got 1\.5\.$/],
    ["a broken row", { data: new Float64Array(5), features: 2 }, "INVALID_POINTS", /multiple of features = 2/],
    ["empty data", { data: new Float64Array(0), features: 2 }, "EMPTY_DATA", /at least one point/],
    ["no rows", [], "EMPTY_DATA", /at least one point/],
    ["an empty matrix", new Matrix(0, 3), "EMPTY_DATA", /at least one point/],
    ["empty rows", [[], []], "INVALID_POINTS", /at least one number/],
    ["numbers without rows", [1, 2, 3], "INVALID_POINTS", /rows of at least one number, got 1/],
    ["ragged rows", [[1, 2], [3]], "INVALID_POINTS", /rows of 2 numbers each, got 1 in row 1 /],
    ["a missing row", [[1, 2], null], "INVALID_POINTS", /got null in row 1 /],
    ["text in a row", [[1, "2"]], "INVALID_POINTS", /numbers only, got "2" in row 0, column 1 /],
    ["null in a row", [[1, null]], "INVALID_POINTS", /numbers only/],
    ["a hole in a row", [[1, undefined]], "INVALID_POINTS", /numbers only/],
    [
      "a matrix of text",
      { rows: 1, columns: 1, get: () => "1" },
      "INVALID_POINTS",
      /numbers only, got "1" in row 0, column 0/,
    ],
    [
      "half a row",
      { rows: 1.5, columns: 1, get: () => 1 },
      "INVALID_POINTS",
      /whole numbers of rows and columns, got 1\.5/,
    ],
    ["less than no column", { rows: 1, columns: -1, get: () => 1 }, "INVALID_POINTS", /got -1/],
  ])("%s: a typed error", (_, given, code, message) => {
    expectFailure(() => tilePoints(bad(given)), code, message);
  });

  test("rows that lack a coordinate keep their place and weigh nothing, if asked", () => {
    const [gap, far] = [Number.NaN, Number.POSITIVE_INFINITY];
    const rows = [
      [1, 2],
      [gap, 3],
      [4, 5],
      [6, -far],
      [far, gap],
    ];
    const skipping = (given: PointsLike, weights?: number[]) => tilePoints(given, weights, undefined, "skip");
    const tiles = skipping(rows);
    expect([tiles.count, tiles.skipped]).toEqual([5, 3]);
    expect([...(tiles.pointWeights as Float64Array).slice(0, 6)]).toEqual([1, 0, 1, 0, 0, 0]);
    expect(tiles.data.every(Number.isFinite)).toBe(true);
    expect([...(skipping(rows, [3, 4, 5, 6, 7]).pointWeights as Float64Array).slice(0, 5)]).toEqual([3, 0, 5, 0, 0]);
    expect(skipping({ data: Float32Array.from(rows.flat()), features: 2 }).skipped).toBe(3);
    expect(skipping(expected)).toEqual(tilePoints(expected));
    expectFailure(() => skipping([[gap], [far]]), "EMPTY_DATA", /finite number in every feature, but all 2 lack one/);
    expectFailure(() => skipping(rows, [0, 1, 0, 1, 1]), "ZERO_TOTAL_WEIGHT");
    expectFailure(() => skipping(rows, [1]), "INVALID_WEIGHT", /each of 5 points, got 1/);
    expectFailure(() => skipping(rows, [-1, 1, 1, 1, 1]), "INVALID_WEIGHT", /got -1 in row 0/);
    expectFailure(() => tilePoints(rows), "NON_FINITE_POINT", /row 1, column 0/);
    expectFailure(
      () => tilePoints(rows, undefined, undefined, bad("drop") as never),
      "INVALID_OPTION",
      /"error" or "skip", got "drop"/,
    );
  });

  test("tiling in chunks pauses, and is the same", () => {
    const data = Float64Array.from({ length: 300_000 }, (_, i) => i);
    const weights = Float64Array.from({ length: 150_000 }, (_, i) => 1 + (i % 3));
    const tiling = tileInChunks({ data, features: 2 }, weights, (bytes) => new ArrayBuffer(bytes));
    let pauses = 0;
    let step = tiling.next();
    for (; !step.done; step = tiling.next()) pauses += 1;
    expect(pauses).toBe(3);
    expect(step.value).toEqual(tilePoints({ data, features: 2 }, weights));
  });
});
