import { openPoints, streamTiles, type Transform, transformedSource, transformNumber } from "@emix/core";
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
  const [first, second] = [LOG, MOVED].map((how, j) => ROWS.map((row) => transformNumber(row[j], how)));
  expect([...tiles.data.slice(0, 3)]).toEqual(first);
  expect([...tiles.data.slice(tiles.tileSize, tiles.tileSize + 3)]).toEqual(second);
});

test("without transforms a source is what it was", () => {
  const source = openPoints(ROWS);
  expect(transformedSource(source, undefined)).toBe(source);
});

test.each(["error", "drop"] as const)(
  "a logarithm of 0 or less is an error that names the number: %s",
  async (missing) => {
    const source = transformedSource(openPoints(ROWS), [MOVED, LOG]);
    await expect(streamTiles(source, { missing })).rejects.toMatchObject({
      code: "INVALID_POINTS",
      message: expect.stringContaining("row 1, column 1"),
    });
  },
);

test("rows that lack a number are left out as they are without transforms", async () => {
  const points = [...ROWS.map(([a, b]) => [a, Math.abs(b)]), [Number.NaN, 1], [1, Number.NaN]];
  const tiles = await streamTiles(transformedSource(openPoints(points), [LOG, LOG]), { missing: "drop" });
  expect([...(tiles.dropped ?? [])]).toEqual([3, 4]);
});

test("as many transforms as features are expected", () => {
  expect(() => transformedSource(openPoints(ROWS), [LOG])).toThrow(
    expect.objectContaining({ code: "FEATURES_MISMATCH" }),
  );
});
