import { orderPoints, type Tiles } from "@emix/core";
import { describe, expect, test } from "vitest";
import { withNodes } from "../../../../packages/core/src/passes/find-nodes.ts";
import { openPoints } from "../../../../packages/core/src/points/array-sources.ts";
import { readPoint } from "../../../../packages/core/src/points/tiles.ts";
import { tilePoints, tilesFrom } from "../../../../packages/core/src/points/tiling.ts";
import { inThreadExecutor } from "../../../support/in-thread-executor.ts";
import { inOrder } from "../../../support/ordered.ts";
import { clusters } from "../../../support/points.ts";
import { twice } from "../../../support/twice.ts";

function pointsOf(tiles: Tiles): number[][] {
  return Array.from({ length: tiles.count }, (_, i) => [...readPoint(tiles, i, new Float64Array(tiles.features))]);
}

/** The mean radius of tiles. */
function meanRadius(tiles: Tiles): Promise<number> {
  return withNodes(inThreadExecutor(tiles), async ({ tiles: { radii } }) => {
    return radii.reduce((sum, radius) => sum + radius, 0) / radii.length;
  });
}

describe("points in order", () => {
  test.each([
    [4097, 1, 64],
    [5000, 3, 64],
    [4500, 20, 32],
    [4100, 70, 16],
  ])("%i points of %i features are the same points, and neighbours", async (count, features, tileSize) => {
    const points = clusters(count, features, 6, "order");
    const weights = Float64Array.from({ length: count }, (_, i) => i % 5);
    const before = tilePoints(points, weights);
    const after = await inOrder(tilePoints(points, weights));
    const order = after.order as Uint32Array;
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    const was = pointsOf(before);
    expect(pointsOf(after)).toEqual([...order].map((point) => was[point]));
    const weighed = [...order].map((point) => point % 5);
    expect([...(after.pointWeights as Float64Array)].slice(0, count)).toEqual(weighed);
    expect((after.pointWeights as Float64Array).slice(count).every((weight) => weight === 0)).toBe(true);
    expect(await meanRadius(after)).toBeLessThan(0.5 * (await meanRadius(before)));
    // Padding repeats the first point of the tile.
    expect(after.tileSize).toBe(tileSize);
    const last = after.data.subarray(-features * tileSize);
    for (let j = 0; j < features; j++) {
      const row = last.subarray(j * tileSize, (j + 1) * tileSize);
      expect([...row.subarray(count % tileSize || tileSize)].every((value) => value === row[0])).toBe(true);
    }
  });

  test("a feature times a power of two leaves the order as it is; so do weights times a number", async () => {
    const { data, features } = clusters(6000, 4, 5, "scaled");
    const scaled = Float64Array.from(data as Float64Array, (value, i) => value * [1, 2 ** 700, 2 ** -900, 8][i % 4]);
    const weights = Float64Array.from({ length: 6000 }, (_, i) => i % 3);
    const plain = await inOrder(tilePoints({ data, features }));
    expect((await inOrder(tilePoints({ data: scaled, features }))).order).toEqual(plain.order);
    const weighted = await inOrder(tilePoints({ data, features }, weights));
    const heavy = await inOrder(
      tilePoints(
        { data, features },
        weights.map((weight) => 3 * weight),
      ),
    );
    expect(heavy.order).toEqual(weighted.order);
  });

  test("numbers of 32 bits stay so", async () => {
    const { data, features } = clusters(5000, 3, 5, "f32");
    const rounded = Float32Array.from(data as Float64Array);
    const tiles = tilesFrom(openPoints({ data: rounded, features }));
    const after = await inOrder(tilesFrom(openPoints({ data: rounded, features })));
    expect(after.data).toBeInstanceOf(Float32Array);
    const was = pointsOf(tiles);
    expect(pointsOf(after)).toEqual([...(after.order as Uint32Array)].map((point) => was[point]));
  });

  test("blocks that are done again change nothing", async () => {
    const points = clusters(5000, 9, 5, "again");
    const once = await inOrder(tilePoints(points));
    const tiles = tilePoints(points);
    const order = new Uint32Array(5000);
    await orderPoints(twice(inThreadExecutor(tiles)), order);
    expect(order).toEqual(once.order);
    expect(tiles.data).toEqual(once.data);
  });

  test("points that are all the same keep their order", async () => {
    const after = await inOrder(tilePoints({ data: new Float64Array(9000).fill(0.1), features: 2 }));
    expect(after.order).toEqual(Uint32Array.from({ length: 4500 }, (_, i) => i));
  });
});
