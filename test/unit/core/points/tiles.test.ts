import {
  allocateTiles,
  type Dtype,
  readPoint,
  sealTiles,
  tileCount,
  tilePoints,
  tilesBetween,
  tilesBytes,
  writeRows,
  writeWeights,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { readTileWeights } from "../../../../packages/core/src/points/tiles.ts";
import { expectFailure } from "../../../support/failures.ts";

const rowsOf = (count: number, features: number) =>
  Array.from({ length: count }, (_, i) => Array.from({ length: features }, (_, j) => i + j / 16));

describe("tiles", () => {
  test.each([
    [1, 64],
    [16, 64],
    [17, 32],
    [64, 32],
    [65, 16],
    [1000, 16],
  ])("%i features: %i points in a tile", (features, size) => {
    expect(allocateTiles({ count: 1, features, dtype: "f64", weighted: false }).tileSize).toBe(size);
  });

  test.each([1, 2, 63, 64, 65, 127, 128, 129, 1000])("%i points come back in order", (count) => {
    const tiles = tilePoints(rowsOf(count, 3));
    expect(tileCount(tiles)).toBe(Math.ceil(count / 64));
    expect(tiles.data.length).toBe(Math.ceil(count / 64) * 64 * 3);
    const out = new Float64Array(3);
    for (let i = 0; i < count; i++) expect([...readPoint(tiles, i, out)]).toEqual([i, i + 1 / 16, i + 2 / 16]);
  });

  test("a tile holds d rows of B coordinates, feature-major", () => {
    const { data, tileSize } = tilePoints(rowsOf(70, 2));
    expect(data[1]).toBe(1);
    expect(data[tileSize + 1]).toBe(1 + 1 / 16);
    expect(data[2 * tileSize]).toBe(64);
    expect(data[3 * tileSize]).toBe(64 + 1 / 16);
  });

  test.each([1, 63, 65, 100])("padding of %i points repeats the last tile's first point", (count) => {
    const { data, tileSize, features } = tilePoints(rowsOf(count, 2));
    const base = Math.floor(count / tileSize) * tileSize * features;
    for (let j = 0; j < features; j++) {
      const row = data.subarray(base + j * tileSize, base + (j + 1) * tileSize);
      for (let lane = count % tileSize; lane < tileSize; lane++) expect(row[lane]).toBe(row[0]);
    }
  });

  test("padding weighs nothing, with weights and without", () => {
    const out = new Float64Array(64);
    expect([...readTileWeights(tilePoints(rowsOf(66, 1)), 1, out)]).toEqual([1, 1, ...new Array(62).fill(0)]);
    expect([...readTileWeights(tilePoints(rowsOf(66, 1)), 0, out)]).toEqual(new Array(64).fill(1));
    const weighted = tilePoints(
      rowsOf(66, 1),
      Array.from({ length: 66 }, (_, i) => i),
    );
    expect([...readTileWeights(weighted, 1, out)]).toEqual([64, 65, ...new Array(62).fill(0)]);
  });

  test("f32 points are stored as f32, in half the bytes", () => {
    const data = Float32Array.from({ length: 100 }, (_, i) => i / 3);
    const tiles = tilePoints({ data, features: 1 });
    expect(tiles.dtype).toBe("f32");
    expect(tiles.data).toBeInstanceOf(Float32Array);
    expect(tiles.data.subarray(0, 100)).toEqual(data);
  });

  test.each<[Dtype, boolean, number]>([
    ["f64", false, 128 * 3 * 8],
    ["f32", false, 128 * 3 * 4],
    ["f64", true, 128 * 3 * 8 + 128 * 8],
    ["f32", true, 128 * 3 * 4 + 128 * 8],
  ])("bytes are those allocated: %s, weighted %s", (dtype, weighted, bytes) => {
    const shape = { count: 100, features: 3, dtype, weighted };
    let allocated = 0;
    allocateTiles(shape, (size) => {
      allocated += size;
      return new ArrayBuffer(size);
    });
    expect(tilesBytes(shape)).toBe(bytes);
    expect(allocated).toBe(bytes);
  });

  test("rows may be written in any order, over shared memory", () => {
    const shape = { count: 130, features: 2, dtype: "f64", weighted: false } as const;
    const tiles = allocateTiles(shape, (bytes) => new SharedArrayBuffer(bytes));
    const rows = rowsOf(130, 2);
    for (const [first, count] of [[100, 30] as const, [0, 40] as const, [40, 60] as const]) {
      writeRows(tiles, first, count, (row, feature) => rows[first + row][feature]);
    }
    expect([...sealTiles(tiles).data]).toEqual([...tilePoints(rows).data]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%s names row and column", (bad) => {
    const rows = rowsOf(70, 3);
    rows[66][1] = bad;
    const error = expectFailure(
      () => tilePoints(rows),
      "NON_FINITE_POINT",
      `Expected finite coordinates, got ${bad} in row 66, column 1 (both counted from 0); drop or fill such rows, or fit with missing: "skip".`,
    );
    expect(error.details).toEqual({ row: 66, column: 1, value: bad });
  });

  test("a double too large for f32 storage is refused, not made infinite", () => {
    const tiles = allocateTiles({ count: 1, features: 1, dtype: "f32", weighted: false });
    expectFailure(() => writeRows(tiles, 0, 1, () => 1e39), "NON_FINITE_POINT", /got 1e\+39 in row 0, column 0/);
  });

  test.each([
    [[1, -1, 1], "got -1 in row 1"],
    [[1, 1, Number.NaN], "got NaN in row 2"],
    [[Number.POSITIVE_INFINITY, 1, 1], "got Infinity in row 0"],
    [["1" as unknown as number, 1, 1], 'got "1" in row 0'],
  ])("weights %j are refused", (weights, message) => {
    expectFailure(() => tilePoints(rowsOf(3, 1), weights), "INVALID_WEIGHT", new RegExp(message));
  });

  test("weights of the wrong number, of no array, of no weight", () => {
    const rows = rowsOf(3, 1);
    const message = "Expected one weight for each of 3 points, got 2.";
    expectFailure(() => tilePoints(rows, [1, 1]), "INVALID_WEIGHT", message);
    expectFailure(() => tilePoints(rows, null as unknown as number[]), "INVALID_OPTION", /`pointWeights`.*got null/);
    expectFailure(() => tilePoints(rows, 3 as unknown as number[]), "INVALID_OPTION", /`pointWeights`.*got 3/);
    expectFailure(
      () => tilePoints(rows, [0, 0, 0]),
      "ZERO_TOTAL_WEIGHT",
      "Expected a positive total of point weights, got 0; no point counts.",
    );
    const unweighted = allocateTiles({ count: 3, features: 1, dtype: "f64", weighted: false });
    expectFailure(() => writeWeights(unweighted, [1, 1, 1]), "INVALID_WEIGHT");
  });

  test.each([
    [1e308, "Infinity"],
    [1e-300, "3e-300"],
    [5e-324, "1.5e-323"],
  ])("weights of %s each: products would leave the doubles", (weight, total) => {
    expectFailure(
      () => tilePoints(rowsOf(3, 1), [weight, weight, weight]),
      "INVALID_WEIGHT",
      `Expected point weights with a total from 1e-250 to 1e250, got ${total}; scale them, their unit does not matter.`,
    );
  });

  test("no points", () => {
    const shape = { count: 0, features: 2, dtype: "f64", weighted: false } as const;
    expectFailure(() => allocateTiles(shape), "EMPTY_DATA");
  });
});

test("tiles between two tiles are the points between them, in the same memory", () => {
  const tiles = tilePoints({ data: Float64Array.from({ length: 3 * 150 }, (_, i) => i), features: 3 });
  const middle = tilesBetween(tiles, 1, 3);
  expect(middle.count).toBe(150 - tiles.tileSize);
  expect(middle.data.buffer).toBe(tiles.data.buffer);
  const point = readPoint(middle, 5, new Float64Array(3));
  expect([...point]).toEqual([...readPoint(tiles, tiles.tileSize + 5, new Float64Array(3))]);
});
