import { describe, expect, test } from "vitest";
import { withNodes } from "../../../../packages/core/src/passes/find-nodes.ts";
import type { Balls, Nodes } from "../../../../packages/core/src/points/nodes.ts";
import type { Tiles } from "../../../../packages/core/src/points/tiles.ts";
import { readPoint } from "../../../../packages/core/src/points/tiles.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { inThreadExecutor } from "../../../support/in-thread-executor.ts";

function randomTiles(count: number, features: number, weights?: (i: number) => number): Tiles {
  const random = randomStream(count, "nodes");
  const data = Float64Array.from({ length: count * features }, () => 100 * random.normal() + 1e6);
  return tilePoints({ data, features }, weights && Float64Array.from({ length: count }, (_, i) => weights(i)));
}

function nodesOf(tiles: Tiles): Promise<Nodes> {
  return withNodes(inThreadExecutor(tiles), async (nodes) => structuredClone(nodes));
}

/** For each ball, how far the points in it are from its centroid; padding repeats the first point of its tile. */
function distances(tiles: Tiles, { centroids, radii }: Balls, points: number): number[][] {
  const { features, count, tileSize } = tiles;
  const point = new Float64Array(features);
  return Array.from(radii, (_, ball) => {
    const inside = Array.from({ length: points }, (_, i) => ball * points + i);
    const padded = Math.ceil(count / tileSize) * tileSize;
    const stored = inside.filter((i) => i < padded).map((i) => (i < count ? i : i - (i % tileSize)));
    return stored.map((i) => {
      readPoint(tiles, i, point);
      return Math.hypot(...point.map((x, j) => x - centroids[ball * features + j]));
    });
  });
}

describe("the nodes of points", () => {
  test.each([
    [1, 1],
    [65, 3],
    [1500, 5],
    [700, 20],
    [300, 70],
  ])("%i points of %i features: balls hold their points, and no more than that", async (count, features) => {
    for (const weights of [undefined, (i: number) => i % 3]) {
      const tiles = randomTiles(count + 1, features, weights);
      const found = await nodesOf(tiles);
      const { tileSize } = tiles;
      const levels = [
        [found.strips, 8],
        [found.tiles, tileSize],
        [found.groups, 8 * tileSize],
      ] as const;
      for (const [balls, points] of levels) {
        expect(balls.radii.length).toBe(Math.ceil(Math.ceil((count + 1) / tileSize) * (tileSize / points)));
        for (const [ball, inside] of distances(tiles, balls, points).entries()) {
          const farthest = Math.max(0, ...inside);
          expect(balls.radii[ball]).toBeGreaterThanOrEqual(farthest);
          expect(balls.radii[ball]).toBeLessThanOrEqual(farthest * (1 + 1e-11) + 1e-150);
        }
      }
    }
  });

  test("a centroid is the mean of the points, so nodes hold for any weights", async () => {
    const data = Float64Array.from({ length: 64 }, (_, i) => i);
    const { strips, tiles, groups } = await nodesOf(
      tilePoints(
        { data, features: 1 },
        data.map((i) => i % 2),
      ),
    );
    expect([...strips.centroids]).toEqual([3.5, 11.5, 19.5, 27.5, 35.5, 43.5, 51.5, 59.5]);
    for (const radius of strips.radii) expect(radius).toBeCloseTo(3.5, 10);
    expect(tiles.centroids[0]).toBe(31.5);
    expect(groups).toEqual(tiles);
  });

  test("are those of the points, where they have some", async () => {
    const tiles = randomTiles(100, 2);
    const nodes = await nodesOf(tiles);
    expect(await withNodes(inThreadExecutor({ ...tiles, nodes }), async (found) => found)).toBe(nodes);
  });

  test("squares that underflow do not make a ball too small", async () => {
    const { strips } = await nodesOf(tilePoints([[1e-280], [1 / 2], [0], [0], [0], [0], [0], [0], [2e-200], [0]]));
    expect(strips.radii[1]).toBeGreaterThanOrEqual(1e-200);
  });
});
