import { describe, expect, test } from "vitest";
import { gatheredBytes, gatherTiles } from "../../../../packages/core/src/points/gather.ts";
import { storedPoint, type Tiles } from "../../../../packages/core/src/points/tiles.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";

const row = (tiles: Tiles, i: number) => [...storedPoint(tiles, i, new Float64Array(tiles.features))];
/** memory that has been used before */
const used = (bytes: number) => new Float64Array(Math.ceil(bytes / 8) + 5).fill(Number.NaN).buffer;

describe("gathered points", () => {
  const points = tilePoints(Array.from({ length: 200 }, (_, i) => [i, -i, i / 2]));

  test("are copies in the order that was asked for, and the padding repeats the first", () => {
    const gathered = gatherTiles(points, { points: [5, 199, 5], weights: null }, used(gatheredBytes(3, 3)));
    expect(gathered.count).toBe(3);
    expect([0, 1, 2].map((i) => row(gathered, i)[0])).toEqual([5, 199, 5]);
    expect(row(gathered, 63)).toEqual([5, -5, 2.5]);
    expect(gathered.data.length).toBe(64 * 3);
    expect(gathered.pointWeights).toBeNull();
  });

  test("have weights of their own, 0 for padding", () => {
    const weights = Float64Array.of(2, 3);
    const { pointWeights } = gatherTiles(points, { points: [1, 2], weights }, used(gatheredBytes(2, 3)));
    expect([...(pointWeights as Float64Array)]).toEqual([2, 3, ...new Array(62).fill(0)]);
  });

  test("may be changed on the way; those they come from stay", () => {
    const double = (point: Float64Array) => {
      for (let j = 0; j < point.length; j++) point[j] *= 2;
    };
    const gathered = gatherTiles(points, { points: [7], weights: null }, used(gatheredBytes(1, 3)), double);
    expect(row(gathered, 0)).toEqual([14, -14, 7]);
    expect(row(points, 7)).toEqual([7, -7, 3.5]);
  });

  test("of f32 become doubles; exponents stay", () => {
    const f32 = tilePoints({ data: Float32Array.of(0.1, 0.2), features: 1 });
    const gathered = gatherTiles(f32, { points: [1], weights: null }, used(gatheredBytes(1, 1)));
    expect([gathered.dtype, row(gathered, 0)]).toEqual(["f64", [Math.fround(0.2)]]);
    const large = tilePoints([[1e200], [3e200]]);
    const copy = gatherTiles(large, { points: [1], weights: null }, used(gatheredBytes(1, 1)));
    expect(copy.exponents).toEqual(large.exponents);
    expect(row(copy, 0)).toEqual(row(large, 1));
  });
});
