import { openPoints, streamTiles, type Transform, transformed, transformedSource } from "@emix/core";
import { expect, test } from "vitest";

const LOG: Transform = { log: true, centre: 1, scale: 2 };
const MOVED: Transform = { log: false, centre: -1, scale: 4 };
const ROWS = [
  [1, 2],
  [3, -4],
  [5, 6],
];

test("every coordinate is transformed by the transform of its column", async () => {
  const tiles = await streamTiles(transformedSource(openPoints(ROWS), [LOG, MOVED]));
  const [first, second] = [LOG, MOVED].map((how, j) => ROWS.map((row) => transformed(row[j], how)));
  expect([...tiles.data.slice(0, 3)]).toEqual(first);
  expect([...tiles.data.slice(tiles.tileSize, tiles.tileSize + 3)]).toEqual(second);
});

test("without transforms a source is what it was", () => {
  const source = openPoints(ROWS);
  expect(transformedSource(source, undefined)).toBe(source);
});

test("a number without a logarithm is missing: an error that says where and what was expected", async () => {
  const source = transformedSource(openPoints(ROWS), [MOVED, LOG]);
  await expect(streamTiles(source)).rejects.toMatchObject({
    code: "NON_FINITE_POINT",
    message: expect.stringContaining(", above 0 for its logarithm"),
  });
});

test("rows without a logarithm are left out where gaps are", async () => {
  const tiles = await streamTiles(transformedSource(openPoints(ROWS), [MOVED, LOG]), { missing: "drop" });
  expect(tiles.count).toBe(2);
  expect([...(tiles.dropped ?? [])]).toEqual([1]);
});

test("as many transforms as features are expected", () => {
  expect(() => transformedSource(openPoints(ROWS), [LOG])).toThrow(
    expect.objectContaining({ code: "FEATURES_MISMATCH" }),
  );
});
