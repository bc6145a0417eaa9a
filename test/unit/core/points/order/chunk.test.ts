import { describe, expect, test } from "vitest";
import { referencePartingKernel } from "../../../../../packages/core/src/kernels/reference/reference-parting.ts";
import { ChunkOrder, tilesInChunk } from "../../../../../packages/core/src/points/order/chunk.ts";
import { type PartingKernel, rowWidth } from "../../../../../packages/core/src/points/order/parting-kernel.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";

/** Orders points in one feature. */
function orderOf(values: readonly number[], tileSize = 16): number[] {
  const kernel = referencePartingKernel({ features: 1, points: values.length });
  values.forEach((value, i) => {
    kernel.rows[i * rowWidth(1)] = value;
  });
  return orderBy(kernel, tileSize, values.length);
}

function orderBy(kernel: PartingKernel, tileSize: number, size: number): number[] {
  new ChunkOrder(kernel, tileSize).order(size);
  return Array.from({ length: size }, (_, i) => kernel.pairs[2 * i]);
}

describe("a chunk", () => {
  test("has 4,096 points, fewer where they are wide, and at least a group of tiles", () => {
    expect(tilesInChunk({ features: 16, tileSize: 64 })).toBe(64);
    expect(tilesInChunk({ features: 64, tileSize: 32 })).toBe(128);
    expect(tilesInChunk({ features: 128, tileSize: 16 })).toBe(128);
    expect(tilesInChunk({ features: 2048, tileSize: 16 })).toBe(8);
  });

  test("is cut where its points part, between strips", () => {
    const random = randomStream(2, "chunk");
    const groups = [0, 100, 200, 1000].flatMap((at) => Array.from({ length: 40 }, () => at + random.uniform()));
    const shuffled = groups.map((_, i) => groups[(i * 37) % 160]);
    const strips = Array.from({ length: 20 }, (_, strip) =>
      orderOf(shuffled)
        .slice(8 * strip, 8 * strip + 8)
        .map((i) => Math.floor(shuffled[i] / 100)),
    );
    for (const strip of strips) expect(new Set(strip).size).toBe(1);
  });

  test("keeps all its points, whatever they are", () => {
    const all = (count: number) => Array.from({ length: count }, (_, i) => i);
    for (const count of [1, 7, 8, 9, 63, 1000]) {
      for (const value of [() => 3, (i: number) => i % 2, (i: number) => (i === 5 ? 2 ** 20 : 0), (i: number) => -i]) {
        const order = orderOf(all(count).map(value));
        expect(order.sort((a, b) => a - b)).toEqual(all(count));
      }
    }
  });

  test("does not look at what follows its points", () => {
    const kernel = referencePartingKernel({ features: 3, points: 64 });
    const random = randomStream(3, "chunk");
    for (let i = 0; i < 64; i++) for (let j = 0; j < 3; j++) kernel.rows[i * rowWidth(3) + j] = random.normal();
    const alone = orderBy(kernel, 16, 50);
    kernel.rows.fill(7, 50 * rowWidth(3));
    expect(orderBy(kernel, 16, 50)).toEqual(alone);
  });
});
