import { randomStream, type Tiles, tileCount } from "@emix/core";
import { describe, expect } from "vitest";
import { referenceDistanceKernel } from "../../../../packages/core/src/kernels/reference-distances.ts";
import { distanceProgram } from "../../../../packages/core/src/kernels/simd/program.ts";
import { simdDistanceKernel } from "../../../../packages/core/src/kernels/simd/simd-distance-kernel.ts";
import { kernelCase, kernelChoices } from "../../../support/kernel-cases.ts";
import { law } from "../../../support/laws.ts";

const RUNS = 3;

/** A pass of k-means++ with centres here and there; the second run has none yet. */
function passOver(tiles: Tiles, candidates: number, seed: number) {
  const { features, tileSize } = tiles;
  const random = randomStream(seed, "centres");
  const parameters = Float64Array.from({ length: RUNS * (1 + candidates) * features }, () => 3 * random.normal());
  parameters[(1 + candidates) * features] = Number.NaN;
  const squaredDistances = Float64Array.from(
    { length: RUNS * tileCount(tiles) * tileSize },
    () => 9 * random.uniform(),
  );
  return { runs: RUNS, candidates, parameters, squaredDistances } as const;
}

describe.each([{ relaxed: true }, { relaxed: true, unrolled: false }, { relaxed: false }])(
  "distances, %o",
  (options) => {
    law("are those of the reference", kernelChoices({ features: 40, count: 900 }), 40, (choice) => {
      const { tiles, shape } = kernelCase(choice);
      const candidates = choice.seed % 7;
      const expected = passOver(tiles, candidates, choice.seed);
      const actual = passOver(tiles, candidates, choice.seed);
      const slots = [new Float64Array(RUNS * candidates), new Float64Array(RUNS * candidates).fill(Number.NaN)];
      const reference = referenceDistanceKernel(shape.features, shape.tileSize);
      reference.measure(tiles, 0, tileCount(tiles), expected, slots[0]);
      const kernel = simdDistanceKernel(distanceProgram(shape, options), shape);
      kernel.measure(tiles, 0, tileCount(tiles), actual, slots[1]);
      const close = (a: Float64Array, b: Float64Array) =>
        a.forEach((value, i) => {
          expect(Math.abs(value - b[i])).toBeLessThanOrEqual(1e-14 * Math.abs(b[i]));
        });
      close(actual.squaredDistances, expected.squaredDistances);
      close(slots[1], slots[0]);
    });
  },
);
