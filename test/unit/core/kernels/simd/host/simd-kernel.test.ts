import { tileCount } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matrixStart } from "../../../../../../packages/core/src/covariance/shape.ts";
import { covarianceRow } from "../../../../../../packages/core/src/covariance/types.ts";
import type { Kernel } from "../../../../../../packages/core/src/kernels/kernel.ts";
import { referenceKernel } from "../../../../../../packages/core/src/kernels/reference/reference.ts";
import type { SimdOptions } from "../../../../../../packages/core/src/kernels/simd/host/compiled.ts";
import { fitsMemory } from "../../../../../../packages/core/src/kernels/simd/host/instance.ts";
import { simdProgram } from "../../../../../../packages/core/src/kernels/simd/host/program.ts";
import { simdKernel } from "../../../../../../packages/core/src/kernels/simd/host/simd-kernel.ts";
import { triangleRow } from "../../../../../../packages/core/src/linear-algebra/triangle.ts";
import { densityLayout, measureOf } from "../../../../../../packages/core/src/mixture/density.ts";
import { readPoint } from "../../../../../../packages/core/src/points/tiles.ts";
import { tilePoints } from "../../../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../../../packages/core/src/random.ts";
import {
  LOG_LIKELIHOOD,
  statisticsLayout,
  WEIGHT_TOTAL,
} from "../../../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { type KernelCase, kernelCase, kernelChoices } from "../../../../../support/kernel-cases.ts";
import { law } from "../../../../../support/laws.ts";
import { COVARIANCE_TYPES } from "../../../../../support/scenes.ts";

function simd({ shape, parameters, measured }: KernelCase, options: SimdOptions): Kernel {
  const kernel = simdKernel(simdProgram(shape, options), shape);
  kernel.load(parameters, measured);
  return kernel;
}

function reference({ shape, parameters, measured }: KernelCase): Kernel {
  const kernel = referenceKernel(shape);
  kernel.load(parameters, measured);
  return kernel;
}

function statisticsOf(kernel: Kernel, { shape, tiles }: KernelCase): Float64Array {
  const { length } = statisticsLayout(shape.components, shape.features, shape.covarianceType);
  const slot = new Float64Array(length).fill(Number.NaN);
  kernel.expectation({ tiles, first: 0, end: tileCount(tiles) }, slot);
  return slot;
}

/** The moments of points with labels drawn at random, from the second tile on if there is one. */
function momentsOf(kernel: Kernel, { shape, tiles, parameters, measured }: KernelCase, seed: number): Float64Array {
  const { components, features, covarianceType, tileSize } = shape;
  const slot = new Float64Array(statisticsLayout(components, features, covarianceType).length).fill(Number.NaN);
  const first = Math.min(1, tileCount(tiles) - 1);
  const random = randomStream(seed, "labels");
  const labels = Int32Array.from({ length: (tileCount(tiles) - first) * tileSize }, () =>
    Math.floor(random.uniform() * components),
  );
  kernel.loadMeasure(measureOf(parameters, densityLayout(components, features, covarianceType), measured));
  kernel.moments({ tiles, first, end: tileCount(tiles) }, labels, slot);
  return slot;
}

function evaluated(kernel: Kernel, { shape, tiles }: KernelCase) {
  const { count } = tiles;
  const evaluation = {
    logDensities: new Float64Array(count),
    logJoint: new Float64Array(count * shape.components),
    responsibilities: new Float64Array(count * shape.components),
    labels: new Int32Array(count),
  };
  kernel.evaluate({ tiles, first: 0, end: tileCount(tiles) }, evaluation);
  return evaluation;
}

/** The case without frames. */
function unframed(given: KernelCase): KernelCase {
  const { components, features, covarianceType } = given.shape;
  const { framed } = densityLayout(components, features, covarianceType);
  const clear = (flag: number, i: number) => (i >= framed && i < framed + components ? Math.min(flag, 0) : flag);
  return { ...given, parameters: given.parameters.map(clear) };
}

/** |F| v: what u = F z is made of, where v are the spreads of z. in: F, a packed triangle */
function framedSpreads(frame: Float64Array, spreads: readonly number[]): number[] {
  const entry = (i: number, j: number) => Math.abs(frame[triangleRow(i) + j]);
  return spreads.map((_, i) => spreads.slice(0, i + 1).reduce((sum, spread, j) => sum + entry(i, j) * spread, 0));
}

/** Of every number of a slot: that by which its error is to be divided. in: the slot, and one without frames */
function scales(given: KernelCase, slot: Float64Array): Float64Array {
  const { components, features, covarianceType } = given.shape;
  const { matrix } = covarianceRow(covarianceType);
  const layout = statisticsLayout(components, features, covarianceType);
  const density = densityLayout(components, features, covarianceType);
  const plain = statisticsOf(reference(unframed(given)), given);
  const { frames } = measureOf(given.parameters, density, given.measured);
  const scale = slot.map(Math.abs);
  // Kernels leave the normal constant out of log densities, so their sum may be near 0.
  scale[LOG_LIKELIHOOD] = Math.max(scale[LOG_LIKELIHOOD], features * slot[WEIGHT_TOTAL]);
  for (let c = 0; c < components; c++) {
    const mass = slot[layout.responsibilitySums + c];
    const own = matrixStart(covarianceType, c, features);
    const diagonal = { triangle: (j: number) => triangleRow(j) + j, diagonal: (j: number) => j, scalar: () => 0 }[
      matrix
    ];
    const spreads = Array.from({ length: features }, (_, j) => Math.sqrt(plain[layout.scatter + own + diagonal(j)]));
    for (let j = 0; j < features; j++) scale[layout.weightedSums + c * features + j] = Math.sqrt(mass) * spreads[j];
    if (matrix !== "triangle") continue;
    const sizes = frames.framed[c] > 0 ? framedSpreads(frames.factors.subarray(own), spreads) : spreads;
    for (let i = 0, index = layout.scatter + own; i < features; i++) {
      for (let j = 0; j <= i; j++, index++) scale[index] = Math.max(scale[index], sizes[i] * sizes[j]);
    }
  }
  return scale;
}

/** Sums below this have lost digits to underflow. */
const UNDERFLOW = 1e-290;

function worstError(actual: Float64Array, expected: Float64Array, scale: ArrayLike<number>): number {
  return expected.reduce((worst, value, i) => {
    if (actual[i] === value) return worst;
    const error = Math.abs(actual[i] - value) / (scale[i] + UNDERFLOW);
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }, 0);
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const tolerance = (logDensities: Float64Array) => 1e-13 + 8 * Number.EPSILON * largest(logDensities);

const CODES: readonly SimdOptions[] = [
  { relaxed: true },
  { relaxed: true, unrolled: false },
  { relaxed: false },
  { relaxed: true, bits: 256 },
  { relaxed: true, unrolled: false, bits: 256 },
  { relaxed: false, bits: 256 },
];

describe.each(CODES)("SIMD kernel, %o", (options) => {
  law("has the statistics of the reference kernel", kernelChoices({ features: 40, count: 700 }), 60, (choice) => {
    const given = kernelCase(choice);
    const kernel = reference(given);
    const expected = statisticsOf(kernel, given);
    const allowed = tolerance(evaluated(kernel, given).logDensities);
    const actual = statisticsOf(simd(given, options), given);
    expect(worstError(actual, expected, scales(given, expected))).toBeLessThanOrEqual(allowed);
  });

  law("has the moments of labelled points", kernelChoices({ features: 40, count: 700 }), 60, (choice) => {
    const given = kernelCase({ ...choice, far: 0 });
    const expected = momentsOf(reference(given), given, choice.seed);
    const kernel = simd(given, options);
    const actual = momentsOf(kernel, given, choice.seed);
    expect(worstError(actual, expected, new Float64Array(expected.length).fill(largest(expected)))).toBeLessThanOrEqual(
      1e-13,
    );
    // Neither leaves anything to the other.
    statisticsOf(kernel, given);
    expect(momentsOf(kernel, given, choice.seed)).toEqual(actual);
    kernel.load(given.parameters, given.measured);
    expect(statisticsOf(kernel, given)).toEqual(statisticsOf(simd(given, options), given));
  });

  law("evaluates as the reference kernel", kernelChoices({ features: 20, count: 300 }), 40, (choice) => {
    const given = kernelCase(choice);
    const expected = evaluated(reference(given), given);
    const actual = evaluated(simd(given, options), given);
    const allowed = tolerance(expected.logDensities);
    const { logDensities, logJoint, responsibilities } = expected;
    // Kernels leave the normal constant out, so a log density may be near 0.
    const size = (value: number) => Math.max(given.shape.features, Math.abs(value));
    expect(worstError(actual.logDensities, logDensities, logDensities.map(size))).toBeLessThanOrEqual(allowed);
    expect(worstError(actual.logJoint, logJoint, logJoint.map(size))).toBeLessThanOrEqual(allowed);
    const ones = new Float64Array(responsibilities.length).fill(1);
    expect(worstError(actual.responsibilities, responsibilities, ones)).toBeLessThanOrEqual(allowed);
    actual.labels.forEach((label, point) => {
      const row = logJoint.subarray(point * given.shape.components, (point + 1) * given.shape.components);
      expect(row[label]).toBeGreaterThanOrEqual(Math.max(...row) - size(Math.max(...row)) * allowed);
    });
  });
});

/** f32 arithmetic has no frames, and measures from the means. */
const inF32 = { frames: "none" } as const;

const F32_CODES: readonly SimdOptions[] = [
  { relaxed: true, unrolled: true },
  { relaxed: true, unrolled: false },
  { relaxed: true, unrolled: true, bits: 256 },
  { relaxed: true, unrolled: false, bits: 256 },
];

describe.each(F32_CODES)("in f32 arithmetic, %o", (code) => {
  const options: SimdOptions = { ...code, arithmetic: "f32" };

  law(
    "has the statistics of the reference kernel to 1e-6",
    kernelChoices({ features: 20, count: 700 }),
    40,
    (choice) => {
      const given = kernelCase({ ...choice, ...inF32, count: choice.count + 1000, dtype: "f32", far: 0, spread: 1 });
      const expected = statisticsOf(reference(given), given);
      const actual = statisticsOf(simd(given, options), given);
      expect(worstError(actual, expected, scales(given, expected))).toBeLessThanOrEqual(1e-6);
    },
  );

  law("is finite, however far the points", kernelChoices({ features: 20, count: 300 }), 20, (choice) => {
    const given = kernelCase({ ...choice, ...inF32 });
    expect(statisticsOf(simd(given, options), given).every(Number.isFinite)).toBe(true);
  });
});

const PLAIN = {
  dtype: "f64",
  weights: "none",
  spread: 1,
  far: 0,
  absent: false,
  ruleOfZero: true,
  seed: 3,
} as const;

describe("vectors of 128 and of 256 bits", () => {
  law("have the same bits", kernelChoices({ features: 40, count: 1200 }), 30, (choice) => {
    for (const arithmetic of ["f64", "f32"] as const) {
      const given = kernelCase({ ...choice, ...(arithmetic === "f32" && inF32) });
      const [narrow, wide] = ([128, 256] as const).map((bits) => simd(given, { relaxed: true, arithmetic, bits }));
      expect(statisticsOf(narrow, given)).toEqual(statisticsOf(wide, given));
      expect(momentsOf(narrow, given, choice.seed)).toEqual(momentsOf(wide, given, choice.seed));
      expect(evaluated(narrow, given)).toEqual(evaluated(wide, given));
    }
  });

  test.each(COVARIANCE_TYPES)("have the same bits with %s covariances of any number of features", (covarianceType) => {
    for (const features of [2, 4, 5, 8, 9, 16, 31, 65]) {
      for (const frames of ["none", "own"] as const) {
        const given = kernelCase({ ...PLAIN, frames, covarianceType, features, components: 3, count: 700 });
        const [narrow, wide] = ([128, 256] as const).map((bits) => simd(given, { relaxed: true, bits }));
        expect(statisticsOf(narrow, given)).toEqual(statisticsOf(wide, given));
      }
    }
  });
});

describe.each([128, 256] as const)("bits of %i-bit vectors", (bits) => {
  // Code for more features, unrolled, needs more stack to be written than a process has; unrolled are at most 8 (program.ts).
  law("unrolled and looped code agree bit for bit", kernelChoices({ features: 14, count: 700 }), 40, (choice) => {
    for (const arithmetic of ["f64", "f32"] as const) {
      const given = kernelCase({ ...choice, ...(arithmetic === "f32" && inF32) });
      const unrolled = statisticsOf(simd(given, { relaxed: true, unrolled: true, arithmetic, bits }), given);
      const looped = statisticsOf(simd(given, { relaxed: true, unrolled: false, arithmetic, bits }), given);
      expect(looped).toEqual(unrolled);
    }
  });

  // M leaves out vectors of points without responsibility: in f64 that changes nothing.
  law("points that weigh nothing change no bit", kernelChoices({ features: 24, count: 900 }), 40, (choice) => {
    const given = kernelCase(choice);
    const { count, features, pointWeights } = given.tiles;
    const rows = Array.from({ length: count }, (_, row) => readPoint(given.tiles, row, new Float64Array(features)));
    const weights = Array.from(pointWeights ?? new Float64Array(count).fill(1)).slice(0, count);
    const idle = rows.slice(0, choice.seed % 300);
    const statistics = (points: Float64Array[], pointWeights: number[]) =>
      statisticsOf(simd(given, { relaxed: true, bits }), { ...given, tiles: tilePoints(points, pointWeights) });
    const more = statistics([...rows, ...idle], [...weights, ...idle.map(() => 0)]);
    expect(more).toEqual(statistics(rows, weights));
  });

  law("a kernel forgets what it computed before", kernelChoices({ features: 12, count: 700 }), 20, (choice) => {
    const given = kernelCase(choice);
    const other = kernelCase({ ...choice, seed: choice.seed + 1 });
    const kernel = simd(given, { relaxed: true, bits });
    const fresh = statisticsOf(kernel, given);
    kernel.load(other.parameters, other.measured);
    statisticsOf(kernel, other);
    evaluated(kernel, other);
    kernel.load(given.parameters, given.measured);
    expect(statisticsOf(kernel, given)).toEqual(fresh);
  });
});

test.each(COVARIANCE_TYPES)("many features and many components: %s", (covarianceType) => {
  for (const [features, components, frames] of [
    [130, 3, "none"],
    [3, 1100, "none"],
    [130, 3, "own"],
    [3, 1100, "measure"],
  ] as const) {
    const given = kernelCase({ ...PLAIN, frames, covarianceType, features, components, count: 67 });
    const expected = statisticsOf(reference(given), given);
    for (const bits of [128, 256] as const) {
      const actual = statisticsOf(simd(given, { relaxed: true, bits }), given);
      expect(worstError(actual, expected, scales(given, expected))).toBeLessThanOrEqual(1e-12);
    }
  }
});

test("shapes beyond the 4 GiB of a WebAssembly memory are known beforehand", () => {
  const shape = { covarianceType: "full", dtype: "f64", tileSize: 16 } as const;
  expect(fitsMemory({ ...shape, features: 128, components: 1000 }, "f64")).toBe(true);
  expect(fitsMemory({ ...shape, features: 512, components: 4096 }, "f64")).toBe(false);
});

test("equal shapes have equal keys and bytes; other code has another key", () => {
  const { shape } = kernelCase(fc.sample(kernelChoices({ features: 8, count: 10 }), { seed: 1, numRuns: 1 })[0]);
  const key = simdProgram(shape, { relaxed: true }).key;
  expect(simdProgram({ ...shape }, { relaxed: true }).key).toBe(key);
  expect(simdProgram(shape, { relaxed: false }).key).not.toBe(key);
  expect(simdProgram({ ...shape, features: shape.features + 1 }, { relaxed: true }).key).not.toBe(key);
});
