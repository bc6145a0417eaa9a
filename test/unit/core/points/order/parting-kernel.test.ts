import { describe, expect, test } from "vitest";
import { referencePartingKernel } from "../../../../../packages/core/src/kernels/reference/reference-parting.ts";
import { partingProgram } from "../../../../../packages/core/src/kernels/simd/host/program.ts";
import { simdPartingKernel } from "../../../../../packages/core/src/kernels/simd/host/simd-parting-kernel.ts";
import { ChunkOrder } from "../../../../../packages/core/src/points/order/chunk.ts";
import { type PartingKernel, rowWidth } from "../../../../../packages/core/src/points/order/parting-kernel.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";

/** Both kernels, with the same random rows. */
function kernelsWith(features: number, points: number, value: (random: number) => number): PartingKernel[] {
  const shape = { features, points };
  return [referencePartingKernel(shape), simdPartingKernel(partingProgram({ features, tileSize: 16 }), shape)].map(
    (kernel) => {
      const random = randomStream(features, "parting");
      const width = rowWidth(features);
      for (let i = 0; i < points; i++) {
        for (let j = 0; j < features; j++) kernel.rows[i * width + j] = value(random.normal());
      }
      for (let i = 0; i < points; i++) kernel.pairs[2 * i] = points - 1 - i;
      return kernel;
    },
  );
}

describe("parting kernels", () => {
  const values = {
    normal: (x: number) => x,
    tied: (x: number) => Math.round(x),
    far: (x: number) => Math.sign(x) * 2 ** 20,
    tiny: (x: number) => x * 2 ** -60,
    same: () => 3,
  };
  for (const features of [1, 4, 5, 16, 33, 70]) {
    test(`order ${features} features with the same bits`, () => {
      for (const [name, value] of Object.entries(values)) {
        for (const points of [1, 8, 17, 203]) {
          const [reference, simd] = kernelsWith(features, points, value);
          for (const kernel of [reference, simd]) new ChunkOrder(kernel, 16).order(points);
          expect(simd.pairs, `${name}, ${points}`).toEqual(reference.pairs);
          expect(simd.along, `${name}, ${points}`).toEqual(reference.along);
        }
      }
    });
  }

  test("project along the direction from the mean of some rows to the farthest of them", () => {
    for (const kernel of kernelsWith(6, 16, (x) => x)) {
      const rows = Array.from({ length: 16 }, (_, i) => [...kernel.rows.subarray(8 * i, 8 * i + 6)]);
      const mean = rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j], 0) / 16);
      const squares = rows.map((row) => row.reduce((sum, x, j) => sum + (x - mean[j]) ** 2, 0));
      const farthest = rows[squares.indexOf(Math.max(...squares))];
      kernel.aim(0, 16);
      for (let i = 0; i < 16; i++) {
        const along = rows[15 - i].reduce((sum, x, j) => sum + x * (farthest[j] - mean[j]), 0);
        // A sum of six products of 24 bits.
        expect(kernel.along[i]).toBeCloseTo(along, 4);
      }
    }
  });

  test("say which share lies below where two groups part; of rows that do not spread, nothing", () => {
    for (const kernel of kernelsWith(2, 64, (x) => x)) {
      for (let i = 0; i < 64; i++) kernel.rows[4 * i] += i % 4 === 0 ? 1000 : 0;
      expect([1 / 4, 3 / 4]).toContain(kernel.aim(0, 64));
    }
    for (const kernel of kernelsWith(2, 64, () => 5)) expect(kernel.aim(0, 64)).toBe(null);
  });

  test("bring what is less to the front, by key and then by index", () => {
    for (const kernel of kernelsWith(1, 8, (x) => x)) {
      kernel.pairs.set([5, -1, 2, 7, 1, -1, 7, 7, 3, 0, 0, -1, 6, -9, 4, 7]);
      kernel.choose(0, 8, 3);
      const front = Array.from({ length: 3 }, (_, i) => kernel.pairs[2 * i]).sort();
      expect(front).toEqual([0, 1, 6]);
      kernel.choose(3, 8, 7);
      expect(kernel.pairs[14]).toBe(7);
      kernel.choose(0, 2, 1);
      expect(kernel.pairs[0]).toBe(6);
    }
  });
});
