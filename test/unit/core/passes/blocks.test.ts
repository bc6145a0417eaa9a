import { blockRange, type Tiles, tileCount } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blockGrid } from "../../../../packages/core/src/passes/blocks.ts";
import { allocateTiles } from "../../../../packages/core/src/points/tiles.ts";
import { law } from "../../../support/laws.ts";

/** Only the shape matters to a grid: no test needs the bytes. */
function shaped(count: number, features: number): Tiles {
  const { tileSize } = allocateTiles({ count: 1, features, dtype: "f64", weighted: false });
  const byteLength = Math.ceil(count / tileSize) * tileSize * features * 8;
  const data = { byteLength } as Float64Array;
  return {
    count,
    features,
    dtype: "f64",
    tileSize,
    data,
    pointWeights: null,
    exponents: null,
    dropped: null,
    order: null,
  };
}

describe("the block grid", () => {
  law(
    "covers every tile once, in order, whatever the shape",
    fc.record({
      count: fc.integer({ min: 1, max: 5_000_000_000 }),
      features: fc.integer({ min: 1, max: 200 }),
      slotLength: fc.integer({ min: 0, max: 20_000_000 }),
    }),
    300,
    ({ count, features, slotLength }) => {
      const tiles = shaped(count, features);
      const grid = blockGrid(tiles, slotLength);
      let next = 0;
      for (let block = 0; block < grid.blocks; block++) {
        const { first, end } = blockRange(grid, block);
        expect(first).toBe(next);
        expect(end).toBeGreaterThan(first);
        next = end;
      }
      expect(next).toBe(tileCount(tiles));
      expect(grid.blocks).toBeLessThanOrEqual(512);
      expect(grid.blocks * grid.perBlock * tiles.tileSize).toBeGreaterThanOrEqual(count);
    },
  );

  test("slots take at most max(64 MiB, a quarter of the points), or 16 of them", () => {
    const mib = 2 ** 20;
    for (const [count, slotLength] of [
      [1_000_000, 100],
      [1_000_000, 100_000],
      [100_000_000, 100_000],
      [1_000_000, 10_000_000],
    ]) {
      const tiles = shaped(count, 8);
      const { blocks } = blockGrid(tiles, slotLength);
      const bytes = blocks * slotLength * 8;
      expect(blocks <= 16 || bytes <= Math.max(64 * mib, tiles.data.byteLength / 4)).toBe(true);
    }
  });

  test.each([
    [1, 1],
    [2048, 1],
    [2049, 2],
    [4096, 2],
    [4097, 3],
    [2048 * 512, 512],
    [2048 * 5000, 512],
  ])("%i points of few features: %i block(s)", (count, blocks) => {
    expect(blockGrid(shaped(count, 2), 10).blocks).toBe(blocks);
  });

  test("the same shape, the same grid: weights and values do not matter", () => {
    const shape = { count: 9000, features: 3, dtype: "f64" } as const;
    const plain = allocateTiles({ ...shape, weighted: false });
    const weighted = allocateTiles({ ...shape, weighted: true });
    weighted.data.fill(7);
    expect(blockGrid(weighted, 50)).toEqual(blockGrid(plain, 50));
  });
});
