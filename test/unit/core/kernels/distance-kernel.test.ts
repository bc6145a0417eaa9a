import { coordinates, type Tiles, tileCount } from "@emix/core";
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

/** What a kernel makes of the tiles of some points, at places of a group: some centres come, others are candidates. */
function found(kernel: DistanceKernel, tiles: Tiles, seed: number) {
  const { features, tileSize } = tiles;
  const random = randomStream(seed, "centres");
  const draw = (count: number) => Float64Array.from({ length: count * features }, () => 3 * random.normal());
  const power = seed % 2 === 0 ? 2 : 1;
  const known = draw(3);
  const candidates = draw(1 + (seed % 4));
  const ofStrips = draw(tileSize / 8);
  const total = tileCount(tiles);
  const out: Float64Array[] = [];
  const totals: Float64Array[] = [];
  for (let first = 0; first < total; first += 8) {
    const places = { first: seed % Math.min(8, total - first), end: Math.min(8, total - first) };
    for (let place = places.first; place < places.end; place++) kernel.take(tiles, first + place);
    kernel.squared.fill(FARTHEST);
    for (let c = 0; c < 3; c++) kernel.approach(places, known.subarray(c * features, (c + 1) * features));
    const squared = kernel.squared.slice(places.first * tileSize, places.end * tileSize);
    const masses = kernel.masses(places, power).slice(2 * places.first, 2 * places.end);
    const potentials = kernel.potentials(places, candidates, power).slice(4 * places.first, 4 * places.end);
    const { tile, strips } = kernel.means(places.first);
    totals.push(tile.slice(), strips.slice());
    const farthest = [known.subarray(0, features), ofStrips].map((given) =>
      kernel.farthest(places.first, given).slice(),
    );
    kernel.approach(places, candidates.subarray(0, features));
    const after = kernel.masses(places, power).slice(2 * places.first, 2 * places.end);
    for (let i = 0; i < places.end - places.first; i++) expect(after[2 * i]).toBe(potentials[4 * i]);
    const used = potentials.filter((_, i) => i % 4 < candidates.length / features);
    out.push(squared, masses, used, ...farthest);
  }
  return { numbers: out, totals };
}

describe.each([{ relaxed: true }, { relaxed: true, unrolled: false }, { relaxed: false }])(
  "distances, %o",
  (options) => {
    law("are those of the reference", kernelChoices({ features: 40, count: 900 }), 40, (choice) => {
      const { tiles, shape } = kernelCase(choice);
      const reference = found(referenceDistanceKernel(shape.features, shape.tileSize), tiles, choice.seed);
      const simd = found(simdDistanceKernel(distanceProgram(shape, options), shape), tiles, choice.seed);
      for (const [i, values] of simd.numbers.entries()) {
        expect(values.length).toBe(reference.numbers[i].length);
        values.forEach((value, at) => {
          const expected = reference.numbers[i][at];
          expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-14 * Math.abs(expected));
        });
      }
      const largest = Float64Array.from(coordinates(tiles, 0, tileCount(tiles))).reduce(
        (most, value) => Math.max(most, Math.abs(value)),
        0,
      );
      for (const [i, values] of simd.totals.entries()) {
        values.forEach((value, at) => {
          expect(Math.abs(value - reference.totals[i][at])).toBeLessThanOrEqual(1e-14 * largest);
        });
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
  const here = { first: 0, end: 1 };

  test.each(kernels)("a centre comes: %s", (_, kernel) => {
    kernel.take(tiles, 0);
    kernel.squared.fill(10);
    kernel.approach(here, Float64Array.of(0, 0));
    expect([...kernel.squared.subarray(0, 3)]).toEqual([0, 10, 2]);
    expect(kernel.squared.subarray(64)).toEqual(new Float64Array(7 * 64).fill(10));
  });

  test.each(kernels)("the mass, and the greatest distance of what weighs something: %s", (_, kernel) => {
    kernel.take(tiles, 0);
    kernel.squared.set(Float64Array.from({ length: 64 }, (_, i) => [9, 4, 100][i] ?? 1000));
    expect([...kernel.masses(here, 2).subarray(0, 2)]).toEqual([9 + 2 * 4, 9]);
    expect([...kernel.masses(here, 1).subarray(0, 2)]).toEqual([3 + 2 * 2, 9]);
  });

  test.each(kernels)("what each candidate would leave: %s", (_, kernel) => {
    kernel.take(tiles, 0);
    kernel.squared.fill(10);
    expect([...kernel.potentials(here, Float64Array.of(3, 4, 1, 1), 2).subarray(0, 2)]).toEqual([10, 2 + 2 * 10]);
    kernel.squared.fill(9);
    const roots = kernel.potentials(here, Float64Array.of(3, 4, 1, 1), 1);
    expect([...roots.subarray(0, 2)]).toEqual([3, Math.SQRT2 + 2 * 3]);
  });

  test.each(kernels)("means of a tile and its strips, padding included: %s", (_, kernel) => {
    const whole = tilePoints(Array.from({ length: 64 }, (_, i) => [i < 2 ? 3 + i : 0, i === 9 ? 2 : 0]));
    kernel.take(whole, 0);
    const { tile, strips } = kernel.means(0);
    expect([...strips]).toEqual([7 / 8, 0, 0, 2 / 8, ...new Array(12).fill(0)]);
    expect([...tile]).toEqual([7 / 64, 2 / 64]);
  });

  test.each(kernels)("the farthest of each strip from one centre, or from its own: %s", (_, kernel) => {
    kernel.take(tiles, 0);
    expect([...kernel.farthest(0, Float64Array.of(3, 4))]).toEqual(new Array(8).fill(25));
    const own = new Float64Array(16).fill(7);
    own.set([1, 0], 2);
    expect([...kernel.farthest(0, own).subarray(0, 2)]).toEqual([98, 1]);
  });

  test.each(kernels)("no more than FARTHEST, where no double holds them: %s", (_, kernel) => {
    kernel.take(tiles, 0);
    kernel.squared.fill(FARTHEST);
    kernel.approach(here, Float64Array.of(1e200, 0));
    expect(kernel.squared).toEqual(new Float64Array(8 * 64).fill(FARTHEST));
    expect(kernel.potentials(here, Float64Array.of(1e180, 1e180), 2)[0]).toBe(3 * FARTHEST);
  });

  test("of a tile: infinity is FARTHEST", () => {
    const out = new Float64Array(64);
    squaredDistancesOfTile(tiles, 0, Float64Array.of(1e200, 0), out);
    expect(out).toEqual(new Float64Array(64).fill(FARTHEST));
    squaredDistancesOfTile(tiles, 0, Float64Array.of(3, 4), out);
    expect([...out.subarray(0, 4)]).toEqual([25, 0, 13, 25]);
  });
});
