import { type Tiles, tileCount } from "@emix/core";
import { describe, expect, test } from "vitest";
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

const RESTARTS = 3;

/** A pass of k-means++ with centres here and there; some have none yet. */
function passOver(tiles: Tiles, candidates: number, seed: number) {
  const first = seed % 3 === 0;
  const { features, tileSize } = tiles;
  const random = randomStream(seed, "centres");
  const parameters = Float64Array.from({ length: RESTARTS * (1 + candidates) * features }, () => 3 * random.normal());
  const squaredDistances = Float64Array.from(
    { length: RESTARTS * tileCount(tiles) * tileSize },
    () => 9 * random.uniform(),
  );
  const power = seed % 2 === 0 ? 2 : 1;
  return { restarts: RESTARTS, candidates, power, first, parameters, squaredDistances } as const;
}

describe.each([{ relaxed: true }, { relaxed: true, unrolled: false }, { relaxed: false }])(
  "distances, %o",
  (options) => {
    law("are those of the reference", kernelChoices({ features: 40, count: 900 }), 40, (choice) => {
      const { tiles, shape } = kernelCase(choice);
      const candidates = choice.seed % 7;
      const expected = passOver(tiles, candidates, choice.seed);
      const actual = passOver(tiles, candidates, choice.seed);
      const slots = [new Float64Array(RESTARTS * candidates), new Float64Array(RESTARTS * candidates).fill(Number.NaN)];
      const reference = referenceDistanceKernel(shape.features, shape.tileSize);
      reference.measure({ tiles, first: 0, end: tileCount(tiles) }, expected, slots[0]);
      const kernel = simdDistanceKernel(distanceProgram(shape, options), shape);
      kernel.measure({ tiles, first: 0, end: tileCount(tiles) }, actual, slots[1]);
      const close = (a: Float64Array, b: Float64Array) =>
        a.forEach((value, i) => {
          expect(Math.abs(value - b[i])).toBeLessThanOrEqual(1e-14 * Math.abs(b[i]));
        });
      close(actual.squaredDistances, expected.squaredDistances);
      close(slots[1], slots[0]);
    });

    law("label points as the reference does", kernelChoices({ features: 40, count: 900 }), 40, (choice) => {
      const { tiles, shape } = kernelCase(choice);
      const count = 1 + (choice.seed % 9);
      const random = randomStream(choice.seed, "centres");
      const centres = Float64Array.from({ length: count * shape.features }, () => 3 * random.normal());
      // The last centre repeats the first: of a tie, the lower index counts.
      centres.copyWithin((count - 1) * shape.features, 0, shape.features);
      const first = choice.seed % tileCount(tiles);
      const labels = [0, 1].map(() => new Int32Array((tileCount(tiles) - first) * tiles.tileSize).fill(-1));
      const reference = referenceDistanceKernel(shape.features, shape.tileSize);
      reference.label({ tiles, first, end: tileCount(tiles) }, centres, labels[0]);
      const kernel = simdDistanceKernel(distanceProgram(shape, options), shape);
      kernel.label({ tiles, first, end: tileCount(tiles) }, centres, labels[1]);
      expect(labels[1]).toEqual(labels[0]);
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

  test.each(kernels)("to the last centre, and what each candidate would leave: %s", (_, kernel) => {
    const parameters = Float64Array.of(0, 0, 3, 4, 1, 1);
    const squaredDistances = new Float64Array(64).fill(10);
    const potentials = Float64Array.of(77, 77);
    const request = { restarts: 1, candidates: 2, power: 2, first: false, parameters, squaredDistances } as const;
    kernel.measure({ tiles, first: 0, end: 1 }, request, potentials);
    expect([...squaredDistances.subarray(0, 3)]).toEqual([0, 10, 2]);
    expect([...potentials]).toEqual([0, 20]);
  });

  test.each(kernels)("power 1: what each candidate would leave of distances: %s", (_, kernel) => {
    const parameters = Float64Array.of(0, 0, 3, 4, 1, 1);
    const squaredDistances = new Float64Array(64).fill(9);
    const potentials = Float64Array.of(77, 77);
    const request = { restarts: 1, candidates: 2, power: 1, first: true, parameters, squaredDistances } as const;
    kernel.measure({ tiles, first: 0, end: 1 }, request, potentials);
    expect([...potentials]).toEqual([3, Math.SQRT2 + 2 * 3]);
  });

  test.each(kernels)("before there is a centre: distances stay, candidates are measured: %s", (_, kernel) => {
    const parameters = Float64Array.of(0, 0, 3, 4, 1, 1);
    const squaredDistances = new Float64Array(64).fill(10);
    const potentials = Float64Array.of(77, 77);
    const request = { restarts: 1, candidates: 2, power: 2, first: true, parameters, squaredDistances } as const;
    kernel.measure({ tiles, first: 0, end: 1 }, request, potentials);
    expect(squaredDistances).toEqual(new Float64Array(64).fill(10));
    expect([...potentials]).toEqual([10, 2 + 2 * 10]);
  });

  test.each(kernels)("no more than FARTHEST, where no double holds them: %s", (_, kernel) => {
    const parameters = Float64Array.of(1e200, 0, 1e180, 1e180);
    const squaredDistances = new Float64Array(64).fill(FARTHEST);
    const potentials = Float64Array.of(0);
    const request = { restarts: 1, candidates: 1, power: 2, first: false, parameters, squaredDistances } as const;
    kernel.measure({ tiles, first: 0, end: 1 }, request, potentials);
    expect(squaredDistances).toEqual(new Float64Array(64).fill(FARTHEST));
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
