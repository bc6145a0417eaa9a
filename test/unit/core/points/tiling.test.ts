import { openPoints, type PointSource, type PointsLike, rowMajorBatch, streamTiles } from "@emix/core";
import { describe, expect, test } from "vitest";
import { tilePoints, tilesFrom } from "../../../../packages/core/src/points/tiling.ts";
import { expectFailure, expectRejection } from "../../../support/failures.ts";

const [gap, far] = [Number.NaN, Number.POSITIVE_INFINITY];
const rows = [
  [1, 2],
  [gap, 3],
  [4, 5],
  [6, -far],
  [far, gap],
];
const dropping = (points: PointsLike) => tilesFrom(openPoints(points), { missing: "drop" });

describe("missing numbers", () => {
  test.each([
    [Number.NaN, "none (NaN, null or empty)"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ])("%s: an error names row and column", (bad, got) => {
    const points = Array.from({ length: 70 }, (_, i) => [i, i === 66 ? bad : i]);
    const message = `Expected a finite number in row 66, column 1 (both counted from 0), got ${got}; fill it in, or leave such rows out with \`missing: "drop"\`.`;
    const error = expectFailure(() => tilePoints(points), "NON_FINITE_POINT", message);
    expect(error.details).toEqual({ row: 66, column: 1, value: bad });
  });

  test("drop: their rows are nowhere in the tiles, which say which they were", () => {
    const { dropped, ...tiles } = dropping(rows);
    expect(dropped).toEqual(Uint32Array.of(1, 3, 4));
    const { dropped: none, ...alone } = tilePoints([rows[0], rows[2]]);
    expect(none).toBeNull();
    expect(tiles).toEqual(alone);
    expect(dropping({ data: Float32Array.from(rows.flat()), features: 2 })).toMatchObject({ count: 2, dtype: "f32" });
  });

  test("drop: nothing to drop, and nothing but rows to drop", () => {
    const complete = [
      [1, 2],
      [3, 4],
    ];
    expect(dropping(complete)).toEqual(tilePoints(complete));
    const message =
      "Expected at least one row with a finite number in every column of the points, got 2 rows that each lack one; check the input.";
    expectFailure(() => dropping([[gap], [far]]), "EMPTY_DATA", message);
  });

  test("text is no missing number", () => {
    expectFailure(() => dropping([[1], ["" as never]]), "INVALID_POINTS", /numbers only, got ""/);
  });

  test("no other word", () => {
    const skip = { missing: "skip" as never };
    expectFailure(() => tilesFrom(openPoints(rows), skip), "INVALID_OPTION", /"error" or "drop", got "skip"/);
  });
});

describe("tiling batch by batch", () => {
  const data = Float64Array.from({ length: 300_000 }, (_, i) => (i % 1001 === 5 ? gap : i));
  const pointWeights = Float64Array.from({ length: 150_000 }, (_, i) => 1 + (i % 3));

  test.each(["drop", "error"] as const)("pauses, and is the same: %s", async (missing) => {
    const source = openPoints({ data: missing === "drop" ? data : data.map((x) => x || 0), features: 2 });
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    const tiles = await streamTiles(source, { missing, pointWeights }, pause);
    expect(pauses).toBe(missing === "drop" ? 6 : 3);
    expect(tiles).toEqual(tilesFrom(source, { missing, pointWeights }));
    expect(await streamTiles(source, { missing, pointWeights })).toEqual(tiles);
  });

  test("fails as at once", async () => {
    await expectRejection(streamTiles(openPoints([[1], [gap]])), "NON_FINITE_POINT", /row 1, column 0/);
  });
});

describe("a source", () => {
  /** n rows of one coordinate and a weight. */
  const weighted = (values: number[][], more: Partial<PointSource> = {}): PointSource => ({
    ...openPoints([[0]]),
    weighted: true,
    count: async () => ({ rows: values.length, complete: null }),
    async *batches() {
      for (const row of values) yield rowMajorBatch(Float64Array.from(row), 1, row.length);
    },
    ...more,
  });

  test("may bring weights, which are checked as all are", async () => {
    const tiles = await streamTiles(
      weighted([
        [1, 2],
        [3, 4],
      ]),
    );
    expect(tiles).toEqual(tilePoints([[1], [3]], [2, 4]));
    const refused = (values: number[][]) => streamTiles(weighted(values));
    await expectRejection(
      refused([
        [1, 2],
        [3, -4],
      ]),
      "INVALID_WEIGHT",
      /got -4 in row 1, column 1/,
    );
    await expectRejection(
      refused([
        [1, 2],
        [3, far],
      ]),
      "NON_FINITE_POINT",
      /row 1, column 1 .* got Infinity/,
    );
    await expectRejection(
      refused([
        [1, 2],
        [3, gap],
      ]),
      "NON_FINITE_POINT",
      /row 1, column 1/,
    );
    await expectRejection(
      refused([
        [1, 0],
        [3, 0],
      ]),
      "ZERO_TOTAL_WEIGHT",
    );
    await expectRejection(
      refused([
        [1, 1e-300],
        [3, 0],
      ]),
      "INVALID_WEIGHT",
      /from 1e-250 to 1e250, got 1e-300/,
    );
    const dropped = await streamTiles(
      weighted([
        [1, gap],
        [3, 4],
      ]),
      { missing: "drop" },
    );
    expect([dropped.count, dropped.dropped]).toEqual([1, Uint32Array.of(0)]);
  });

  test("may know how many rows are complete; it is asked for its rows once then", async () => {
    let asked = 0;
    const { batches } = weighted([
      [gap, 1],
      [3, 4],
    ]);
    const counting = weighted([], {
      count: () => ({ rows: 2, complete: 1 }),
      batches: (rows) => {
        asked += 1;
        return batches(rows);
      },
    });
    expect((await streamTiles(counting, { missing: "drop" })).count).toBe(1);
    expect(asked).toBe(1);
  });

  test("a number beyond f32 is refused, not made infinite, and not taken for a missing one", async () => {
    for (const missing of ["error", "drop"] as const) {
      const source = weighted([[1e39, 1]], { dtype: "f32" });
      const message =
        "Expected numbers within the range of f32, got 1e+39 in row 0, column 0 (both counted from 0); store the points as f64.";
      await expectRejection(streamTiles(source, { missing }), "OVERFLOW", message);
    }
  });

  test.each([
    ["fewer", 3],
    ["more", 1],
  ])("that gives %s rows than it has counted is refused", async (_, rows) => {
    const changed = weighted(
      [
        [1, 1],
        [2, 1],
      ],
      { count: () => ({ rows, complete: null }) },
    );
    await expectRejection(streamTiles(changed), "INVALID_POINTS", /the points to stay as they were/);
  });

  test("whose rows change between two readings is refused", async () => {
    const values = [
      [gap, 1],
      [2, 1],
      [3, 1],
    ];
    for (const complete of [1, 3]) {
      const changed = weighted(values, { count: () => ({ rows: 3, complete }) });
      await expect(streamTiles(changed, { missing: "drop" })).rejects.toMatchObject({
        code: complete === 1 ? "INVALID_POINTS" : "NON_FINITE_POINT",
      });
    }
  });

  test("without rows is empty", async () => {
    const message = /^Expected at least one row .* of the points, got none; check the input\.$/;
    await expectRejection(streamTiles(weighted([])), "EMPTY_DATA", message);
  });
});
