import { nodesBetween } from "@emix/core";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { blocksOfPartitions, tilesOfPartitions } from "../../../../packages/cluster/src/driver/partitions.ts";
import { law } from "../../../support/laws.ts";

const shapes = fc.record({ blocks: fc.integer({ min: 1, max: 512 }), partitions: fc.integer({ min: 1, max: 40 }) });

describe("partitions", () => {
  law("have every block once, in order, in few nodes", shapes, 300, ({ blocks, partitions }) => {
    const ranges = blocksOfPartitions({ blocks, perBlock: 1, total: blocks }, partitions);
    const ends = ranges.map(({ end }) => end);
    expect(ranges.map(({ first }) => first)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(blocks);
    for (const { first, end } of ranges) expect(nodesBetween(first, end, blocks).length).toBeLessThanOrEqual(10);
  });

  law("have every tile once, about as many each", shapes, 300, ({ blocks: tiles, partitions }) => {
    const ranges = tilesOfPartitions({ count: tiles * 64 - 5, tileSize: 64 }, partitions);
    const sizes = ranges.map(({ first, end }) => end - first);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(tiles);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
});
