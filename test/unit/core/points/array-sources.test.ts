import { numberAt, openPoints, type PointsLike } from "@emix/core";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
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
    ["a flat Uint8ClampedArray", { data: Uint8ClampedArray.from(expected.flat()), features: 2 }],
    ["a flat Int16Array", { data: Int16Array.from(expected.flat()), features: 2 }],
    ["a flat Uint32Array", { data: Uint32Array.from(expected.flat()), features: 2 }],
    ["a flat plain array", { data: expected.flat(), features: 2 }],
    ["an ml-matrix Matrix", new Matrix(expected)],
  ])("%s", (_, given) => {
    const source = openPoints(given);
    expect([source.features, source.weighted, source.count("error").rows]).toEqual([2, false, 3]);
    expect(source.dtype).toBe("data" in given && given.data instanceof Float32Array ? "f32" : "f64");
    const [batch, ...more] = source.batches(3);
    expect(more).toEqual([]);
    expect(expected.map((row, i) => row.map((_, j) => numberAt(batch, i, j)))).toEqual(expected);
    expect([...tilePoints(given).data.slice(0, 3)]).toEqual([1, 3, 5]);
  });

  test.each<[string, PointsLike]>([
    [
      "rows",
      [
        [1, null],
        [undefined, 4],
      ],
    ],
    ["a flat plain array", { data: [1, null, undefined, 4], features: 2 }],
    ["a matrix", { rows: 2, columns: 2, get: (i, j) => (i === j ? 3 * i + 1 : (null as never)) }],
  ])("null and undefined in %s are missing numbers", (_, given) => {
    const [batch] = openPoints(given).batches(2);
    expect([0, 1].map((i) => [numberAt(batch, i, 0), numberAt(batch, i, 1)])).toEqual([
      [1, Number.NaN],
      [Number.NaN, 4],
    ]);
  });

  test("many points come in batches, in order", () => {
    const batches = [
      ...openPoints({ data: Float64Array.from({ length: 300_000 }, (_, i) => i), features: 2 }).batches(0),
    ];
    expect(batches.map(({ rowCount }) => rowCount)).toEqual([65_536, 65_536, 18_928]);
    expect(numberAt(batches[2], 0, 1)).toBe(2 * 131_072 + 1);
    const wide = [...openPoints({ data: new Float64Array(2 * 2 ** 18), features: 2 ** 18 }).batches(0)];
    expect(wide.map(({ rowCount }) => rowCount)).toEqual([1, 1]);
  });

  test("places are counted from 0", () => {
    const source = openPoints(expected);
    expect(source.place(2, 1)).toEqual({
      words: "row 2, column 1 (both counted from 0)",
      details: { row: 2, column: 1 },
    });
    expect(source.place(2)).toEqual({ words: "row 2 (counted from 0)", details: { row: 2 } });
    expect(source.place(undefined, 2)).toEqual({ words: "`pointWeights`", details: {} });
    expect(source.place()).toEqual({ words: "the points", details: {} });
  });

  const bad = (value: unknown) => value as PointsLike;

  test.each<[string, unknown, string, RegExp]>([
    ["nothing", undefined, "INVALID_POINTS", /got undefined\.$/],
    ["null", null, "INVALID_POINTS", /got null\.$/],
    ["a number", 3, "INVALID_POINTS", /got 3\.$/],
    ["a string", "a.csv", "INVALID_POINTS", /got the string "a\.csv"; to read a file, call loadFile\(path\)/],
    ["a bare typed array", Float64Array.of(1, 2), "INVALID_POINTS", /got a Float64Array of 16 bytes\.$/],
    ["an unknown object", { x: 1 }, "INVALID_POINTS", /got an object with keys x\.$/],
    [
      "bigints",
      { data: BigInt64Array.of(1n), features: 1 },
      "INVALID_POINTS",
      /`data` in an array of numbers.* a BigInt64Array/,
    ],
    ["unsigned bigints", { data: BigUint64Array.of(1n), features: 1 }, "INVALID_POINTS", /a BigUint64Array/],
    ["bytes without a type", { data: new DataView(new ArrayBuffer(8)), features: 1 }, "INVALID_POINTS", /a DataView/],
    ["text for data", { data: "12", features: 1 }, "INVALID_POINTS", /got "12"/],
    [
      "text in flat data",
      { data: [1, "2"], features: 2 },
      "INVALID_POINTS",
      /numbers only, got "2" in row 0, column 1/,
    ],
    ["no features", { data: Float64Array.of(1) }, "INVALID_POINTS", /number of `features` from 1 up, got undefined/],
    ["0 features", { data: Float64Array.of(1), features: 0 }, "INVALID_POINTS", /got 0\.$/],
    ["1.5 features", { data: Float64Array.of(1), features: 1.5 }, "INVALID_POINTS", /got 1\.5\.$/],
    ["a broken row", { data: new Float64Array(5), features: 2 }, "INVALID_POINTS", /multiple of features = 2/],
    [
      "a key that says how numbers lie",
      { data: [1, 2, 3, 4], features: 2, stride: 4 },
      "INVALID_POINTS",
      /key "stride"/,
    ],
    [
      "a file's bytes",
      { data: Buffer.alloc(16), features: 2 },
      "INVALID_POINTS",
      /Buffer of 16 bytes; .* new Uint8Array/,
    ],
    ["empty data", { data: new Float64Array(0), features: 2 }, "EMPTY_DATA", /at least one point/],
    ["no rows", [], "EMPTY_DATA", /at least one point/],
    ["an empty matrix", new Matrix(0, 3), "EMPTY_DATA", /at least one point/],
    ["empty rows", [[], []], "INVALID_POINTS", /at least one number/],
    [
      "numbers without rows",
      [1.2, 3.4],
      "INVALID_POINTS",
      /got the number 1\.2 where row 0 should be.* pass xs\.map\(\(x\) => \[x\]\) or \{ data: xs, features: 1 \}\.$/,
    ],
    ["a number among rows", [[1], 2], "INVALID_POINTS", /got the number 2 where row 1 should be/],
    ["no row at first", [null, [1]], "INVALID_POINTS", /rows of at least one number, got null/],
    ["ragged rows", [[1, 2], [3]], "INVALID_POINTS", /rows of 2 numbers each, got 1 in row 1 /],
    ["a missing row", [[1, 2], null], "INVALID_POINTS", /got null in row 1 /],
    ["text in a row", [[1, "2"]], "INVALID_POINTS", /numbers only, got "2" in row 0, column 1 /],
    [
      "a bigint in a row",
      [[1, 2n]],
      "INVALID_POINTS",
      /got 2n in row 0, column 1 .*; make a number of it, by Number\(x\)/,
    ],
    [
      "objects for rows",
      [{ x: 1 }],
      "INVALID_POINTS",
      /by rows\.map\(\(\{ x, y \}\) => \[x, y\]\), got an object with keys x\.$/,
    ],
    [
      "a set",
      new Set([[1]]),
      "INVALID_POINTS",
      /got an object of class Set; make an array of it, by Array\.from\(points\)/,
    ],
    ["a promise", Promise.resolve([[1]]), "INVALID_POINTS", /of class Promise; await it\.$/],
    ["an iterable with data", { data: [1], *[Symbol.iterator]() {} }, "INVALID_POINTS", /by Array\.from\(points\)/],
    [
      "a long JSON text",
      `[${"[1],".repeat(1000)}[1]]`,
      "INVALID_POINTS",
      /^.{150,300}…"; JSON\.parse makes points of it\.$/,
    ],
    [
      "an object of many keys",
      { ...Array.from({ length: 50 }, () => 1) },
      "INVALID_POINTS",
      /keys 0, 1,.* 11, … \(50 in all\)\.$/,
    ],
    ["a truth value in a row", [[1, true]], "INVALID_POINTS", /numbers only, got true/],
    ["null in a row", [[1, null]], "NON_FINITE_POINT", /row 0, column 1 .* got none/],
    ["a hole in a row", [[1, undefined]], "NON_FINITE_POINT", /row 0, column 1 .* got none/],
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
});
