import { GaussianMixture, tileCount } from "@emix/core";
import { describe, expect, test } from "vitest";
import type { Kernel } from "../../../../../../packages/core/src/kernels/kernel.ts";
import { referenceKernel } from "../../../../../../packages/core/src/kernels/reference/reference.ts";
import type { SimdOptions } from "../../../../../../packages/core/src/kernels/simd/host/compiled.ts";
import { simdProgram } from "../../../../../../packages/core/src/kernels/simd/host/program.ts";
import { simdKernel } from "../../../../../../packages/core/src/kernels/simd/host/simd-kernel.ts";
import { densityLayout, densityParameters } from "../../../../../../packages/core/src/mixture/density.ts";
import { tilePoints } from "../../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../../packages/core/src/random.ts";
import { measureLayout, noFrames, withMeasure } from "../../../../../../packages/core/src/statistics/frames.ts";
import { statisticsLayout } from "../../../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { type KernelCase, type KernelCaseChoice, kernelCase } from "../../../../../support/kernel-cases.ts";
import { COVARIANCE_TYPES, roundCovariances } from "../../../../../support/scenes.ts";

// One small case for every number of features at which the code of the kernels changes: blocks of four rows, sums that
// stay in registers up to five features, straight code up to eight.

const FEATURES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13];

const choice = (covarianceType: KernelCaseChoice["covarianceType"], features: number): KernelCaseChoice => ({
  covarianceType,
  features,
  components: 3,
  count: 150,
  dtype: "f64",
  weights: "some",
  spread: 3,
  far: 0,
  absent: false,
  ruleOfZero: true,
  frames: "none",
  seed: features,
});

function statisticsOf(kernel: Kernel, { shape, tiles, parameters, measured }: KernelCase): Float64Array {
  const slot = new Float64Array(statisticsLayout(shape.components, shape.features, shape.covarianceType).length);
  kernel.load(parameters, measured);
  kernel.expectation({ tiles, first: 0, end: tileCount(tiles) }, slot);
  return slot;
}

/** Sums of 150 points near 0: their errors are those of a number of that size. */
function expectClose(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(tolerance * (100 + Math.abs(value)));
  });
}

const simd = ({ shape }: KernelCase, options: SimdOptions) => simdKernel(simdProgram(shape, options), shape);

describe.each(COVARIANCE_TYPES)("%s kernels", (type) => {
  test.each(FEATURES)("%d features: statistics as the reference has them", (features) => {
    const given = kernelCase(choice(type, features));
    const expected = statisticsOf(referenceKernel(given.shape), given);
    for (const bits of [128, 256] as const) {
      expectClose(statisticsOf(simd(given, { relaxed: false, bits }), given), expected, 1e-13);
      const single = simd(given, { relaxed: false, arithmetic: "f32", bits });
      expectClose(statisticsOf(single, given), expected, 3e-6);
    }
  });

  test.each([1, 5, 9])("%d features: measured from pivots of its own, and again without", (features) => {
    const given = kernelCase(choice(type, features));
    const random = randomStream(features, "pivots");
    const density = densityLayout(3, features, type);
    const pivots = given.parameters.slice(density.pivots, density.biases).map((pivot) => pivot + random.normal());
    const measure = { pivots, frames: noFrames(given.shape) };
    const parameters = withMeasure(given.parameters, measureLayout(density.framed, given.shape), measure);
    const measured = { ...given, parameters, measured: true };
    const [reference, kernel] = [referenceKernel(given.shape), simd(given, { relaxed: false })];
    for (const one of [given, measured, given]) {
      expectClose(statisticsOf(kernel, one), statisticsOf(reference, one), 1e-13);
    }
  });

  test.each(FEATURES)("%d features: in frames, and with a component left out", (features) => {
    for (const frames of ["own", "measure"] as const) {
      const given = kernelCase({ ...choice(type, features), frames });
      const expected = statisticsOf(referenceKernel(given.shape), given);
      for (const bits of [128, 256] as const) {
        expectClose(statisticsOf(simd(given, { relaxed: false, bits }), given), expected, 1e-13);
      }
    }
  });

  test("in f32 a mean keeps what its rounding takes", () => {
    // Whole multiples of 2⁻¹⁰ near 4096 are f32 numbers, the means are not.
    const random = randomStream(1, "offset");
    const points = Array.from({ length: 200 }, (_, i) =>
      [0, 1].map(() => 4096 + 3 * (i % 2) + Math.round(1024 * random.normal()) / 1024),
    );
    const { parameters: mixture } = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [4096.0002, 4096.0001, 4099.0002, 4098.9999],
      covariances: roundCovariances(1, { components: 2, features: 2, covarianceType: type }),
      covarianceType: type,
    });
    const tiles = tilePoints(points);
    const shape = { features: 2, components: 2, covarianceType: type, dtype: "f64", tileSize: tiles.tileSize } as const;
    const given = { shape, tiles, parameters: densityParameters(mixture), measured: false };
    const expected = statisticsOf(referenceKernel(shape), given);
    const kernel = simd(given, { relaxed: false, arithmetic: "f32" });
    expectClose(statisticsOf(kernel, given), expected, 1e-6);
  });
});
