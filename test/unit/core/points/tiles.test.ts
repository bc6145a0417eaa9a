import { type Dtype, tileCount, tilesBetween } from "@emix/core";
import { describe, expect, test } from "vitest";
import {
  allocateTiles,
  readPoint,
  readTileWeights,
  rowsGiven,
  tilesBytes,
} from "../../../../packages/core/src/points/tiles.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
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

  test("rows given are those kept and those dropped", () => {
    expect(rowsGiven(tilePoints(rowsOf(3, 1)))).toBe(3);
    expect(rowsGiven({ count: 3, dropped: Uint32Array.of(1, 4) })).toBe(5);
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
