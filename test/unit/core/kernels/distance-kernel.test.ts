import { type Tiles, tileCount } from "@emix/core";
import { describe, expect, test } from "vitest";
import type { DistanceKernel } from "../../../../packages/core/src/kernels/distance-kernel.ts";
import {
  referenceDistanceKernel,
  squaredDistancesOfTile,
} from "../../../../packages/core/src/kernels/reference/reference-distances.ts";
import { distanceProgram } from "../../../../packages/core/src/kernels/simd/host/program.ts";
import { simdDistanceKernel } from "../../../../packages/core/src/kernels/simd/host/simd-distance-kernel.ts";
import { FARTHEST } from "../../../../packages/core/src/mixture/density.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { kernelCase, kernelChoices } from "../../../support/kernel-cases.ts";
import { law } from "../../../support/laws.ts";

/** What a kernel makes of the tiles of some points: some centres come, others are candidates. */
function found(kernel: DistanceKernel, tiles: Tiles, seed: number) {
  const { features, tileSize } = tiles;
  const random = randomStream(seed, "centres");
  const draw = (count: number) => Float64Array.from({ length: count * features }, () => 3 * random.normal());
  const power = seed % 2 === 0 ? 2 : 1;
  const known = draw(3);
  const candidates = draw(seed % 7);
  const ofStrips = draw(tileSize / 8);
  return Array.from({ length: tileCount(tiles) }, (_, tile) => {
    const nearest = { squared: new Float64Array(tileSize).fill(FARTHEST), labels: new Int32Array(tileSize) };
    const [mass, potentials, after] = [new Float64Array(2), new Float64Array(seed % 7), new Float64Array(2)];
    kernel.open(tiles, tile);
    for (let c = 0; c < 3; c++) kernel.approach(known.subarray(c * features, (c + 1) * features), c, nearest);
    kernel.mass(nearest.squared, power, mass);
    kernel.potentials(nearest.squared, candidates, power, potentials);
    const distances = [known.subarray(0, features), ofStrips].map((centres) => kernel.distances(centres).slice());
    if (candidates.length > 0) {
      const next = { squared: nearest.squared.slice(), labels: nearest.labels.slice() };
      kernel.approach(candidates.subarray(0, features), 3, next);
      kernel.mass(next.squared, power, after);
      expect(after[0]).toBe(potentials[0]);
    }
    return { nearest, numbers: [nearest.squared, mass, potentials, ...distances] };
  });
}

describe.each([{ relaxed: true }, { relaxed: true, unrolled: false }, { relaxed: false }])(
  "distances, %o",
  (options) => {
    law("are those of the reference", kernelChoices({ features: 40, count: 900 }), 40, (choice) => {
      const { tiles, shape } = kernelCase(choice);
      const reference = found(referenceDistanceKernel(shape.features, shape.tileSize), tiles, choice.seed);
      const simd = found(simdDistanceKernel(distanceProgram(shape, options), shape), tiles, choice.seed);
      for (const [tile, { nearest, numbers }] of simd.entries()) {
        expect(nearest.labels).toEqual(reference[tile].nearest.labels);
        for (const [i, values] of numbers.entries()) {
          values.forEach((value, at) => {
            const expected = reference[tile].numbers[i][at];
            expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-14 * Math.abs(expected));
          });
        }
      }
    });
  },
);

describe("squared distances by hand", () => {
  const tiles = tilePoints(
    [
      [0, 0],
      [3, 4],
      [1, 1],
    ],
    [1, 2, 0],
  );
  const shape = { features: 2, tileSize: 64, dtype: "f64" } as const;
  const kernels = [
    ["reference", referenceDistanceKernel(2, 64)],
    ["simd", simdDistanceKernel(distanceProgram(shape, { relaxed: false }), shape)],
  ] as const;
  const nearestOf = (squared: number) => ({ squared: new Float64Array(64).fill(squared), labels: new Int32Array(64) });

  test.each(kernels)("a centre comes: distances and labels, the lower one of a tie: %s", (_, kernel) => {
    const nearest = nearestOf(10);
    kernel.open(tiles, 0);
    kernel.approach(Float64Array.of(0, 0), 3, nearest);
    expect([...nearest.squared.subarray(0, 3)]).toEqual([0, 10, 2]);
    expect([...nearest.labels.subarray(0, 3)]).toEqual([3, 0, 3]);
    kernel.approach(Float64Array.of(0, 2), 4, nearest);
    expect([...nearest.labels.subarray(0, 3)]).toEqual([3, 0, 3]);
  });

  test.each(kernels)("the mass, and the greatest distance of what weighs something: %s", (_, kernel) => {
    const squared = Float64Array.from({ length: 64 }, (_, i) => [9, 4, 100][i] ?? 1000);
    const out = new Float64Array(2);
    kernel.open(tiles, 0);
    kernel.mass(squared, 2, out);
    expect([...out]).toEqual([9 + 2 * 4, 9]);
    kernel.mass(squared, 1, out);
    expect([...out]).toEqual([3 + 2 * 2, 9]);
  });

  test.each(kernels)("what each candidate would leave: %s", (_, kernel) => {
    const potentials = Float64Array.of(77, 77);
    kernel.open(tiles, 0);
    kernel.potentials(nearestOf(10).squared, Float64Array.of(3, 4, 1, 1), 2, potentials);
    expect([...potentials]).toEqual([10, 2 + 2 * 10]);
    kernel.potentials(nearestOf(9).squared, Float64Array.of(3, 4, 1, 1), 1, potentials);
    expect([...potentials]).toEqual([3, Math.SQRT2 + 2 * 3]);
  });

  test.each(kernels)("from one centre, or for each strip from its own: %s", (_, kernel) => {
    kernel.open(tiles, 0);
    expect([...kernel.distances(Float64Array.of(3, 4)).subarray(0, 4)]).toEqual([25, 0, 13, 25]);
    const own = new Float64Array(16).fill(7);
    own.set([1, 0], 2);
    const distances = kernel.distances(own);
    expect([distances[0], distances[8]]).toEqual([98, 1]);
  });

  test.each(kernels)("no more than FARTHEST, where no double holds them: %s", (_, kernel) => {
    const nearest = nearestOf(FARTHEST);
    const potentials = Float64Array.of(0);
    kernel.open(tiles, 0);
    kernel.approach(Float64Array.of(1e200, 0), 5, nearest);
    expect(nearest).toEqual(nearestOf(FARTHEST));
    kernel.potentials(nearest.squared, Float64Array.of(1e180, 1e180), 2, potentials);
    expect([...potentials]).toEqual([3 * FARTHEST]);
  });

  test("of a tile: infinity is FARTHEST", () => {
    const out = new Float64Array(64);
    squaredDistancesOfTile(tiles, 0, Float64Array.of(1e200, 0), out);
    expect(out).toEqual(new Float64Array(64).fill(FARTHEST));
    squaredDistancesOfTile(tiles, 0, Float64Array.of(3, 4), out);
    expect([...out.subarray(0, 4)]).toEqual([25, 0, 13, 25]);
  });
});
