import { KernelPrograms, tileCount } from "@emix/core";
import { expect, test } from "vitest";
import { BallTree } from "../../../../../packages/core/src/kernels/balls/ball-tree.ts";
import { MEMBERS } from "../../../../../packages/core/src/kernels/balls/levels.ts";
import { NUMBER_BYTES } from "../../../../../packages/core/src/kernels/simd/arithmetic/balls.ts";
import type { SimdProgram } from "../../../../../packages/core/src/kernels/simd/host/compiled.ts";
import { atOnce } from "../../../../../packages/core/src/points/stretches.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";

const COUNT = 203;

/** D² of every point from the first one, as the tree lowers ∞ to it. */
function squaredFromFirst(features: number, data: Float64Array): Float64Array {
  const tiles = tilePoints({ data, features });
  const padded = tileCount(tiles) * tiles.tileSize;
  const strips = Math.ceil(COUNT / MEMBERS);
  const program = new KernelPrograms({ kernel: "simd" }).balls(tiles, Number.POSITIVE_INFINITY) as SimdProgram;
  const tree = atOnce(BallTree.of(program, tiles, 2 * padded * 8 + strips * NUMBER_BYTES));
  const [from, to] = [tree.extra, tree.extra + padded * 8];
  const start = to + padded * 8;
  tree.numbers(from, padded).fill(Number.POSITIVE_INFINITY);
  for (let strip = 0; strip < strips; strip++) tree.words[start / 4 + (strip * NUMBER_BYTES) / 4] = strip;
  tree.ask(data.slice(0, features));
  tree.lower({ start, end: start + strips * NUMBER_BYTES }, from, to);
  return tree.numbers(to, COUNT);
}

// Distances are looked at after 4, 8, 16, 32, … features: what is left of them may end anywhere.
test.each([1, 3, 4, 7, 8, 9, 15, 16, 17, 23, 24, 27, 31, 32, 33, 40, 47, 56, 63, 64, 71, 72, 100, 127, 130])(
  "distances of points with %i features take all of them, and no others",
  (features) => {
    const random = randomStream(features, "tree");
    const data = Float64Array.from({ length: COUNT * features }, () => random.normal());
    const found = squaredFromFirst(features, data);
    for (let i = 0; i < COUNT; i++) {
      let squared = 0;
      for (let j = 0; j < features; j++) squared += (data[i * features + j] - data[j]) ** 2;
      expect(Math.abs(found[i] - squared)).toBeLessThanOrEqual(1e-13 * squared);
    }
  },
);
