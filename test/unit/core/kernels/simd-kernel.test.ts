import { statisticsLayout, tileCount } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kernel } from "../../../../packages/core/src/kernels/kernel.ts";
import { referenceKernel } from "../../../../packages/core/src/kernels/reference.ts";
import { type SimdOptions, simdProgram } from "../../../../packages/core/src/kernels/simd/program.ts";
import { simdKernel } from "../../../../packages/core/src/kernels/simd/simd-kernel.ts";
import { type KernelCase, kernelCase, kernelChoices } from "../../../support/kernel-cases.ts";
import { law } from "../../../support/laws.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";

function simd({ shape, parameters }: KernelCase, options: SimdOptions): Kernel {
  const kernel = simdKernel(simdProgram(shape, options), shape);
  kernel.load(parameters);
  return kernel;
}

function reference({ shape, parameters }: KernelCase): Kernel {
  const kernel = referenceKernel(shape);
  kernel.load(parameters);
  return kernel;
}

function statisticsOf(kernel: Kernel, { shape, tiles }: KernelCase): Float64Array {
  const { length } = statisticsLayout(shape.components, shape.features, shape.covarianceType);
  const slot = new Float64Array(length).fill(Number.NaN);
  kernel.expectation(tiles, 0, tileCount(tiles), slot);
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
  kernel.evaluate(tiles, 0, tileCount(tiles), evaluation);
  return evaluation;
}

/** Of every number of a slot: that by which its error is to be divided. */
function scales({ shape }: KernelCase, slot: Float64Array): Float64Array {
  const { components, features, covarianceType } = shape;
  const layout = statisticsLayout(components, features, covarianceType);
  const scale = slot.map(Math.abs);
  const triangle = (features * (features + 1)) / 2;
  for (let c = 0; c < components; c++) {
    const mass = slot[layout.responsibilitySums + c];
    const diagonal = (j: number) =>
      ({
        full: slot[layout.scatter + c * triangle + (j * (j + 3)) / 2],
        tied: slot[layout.scatter + (j * (j + 3)) / 2],
        diag: slot[layout.scatter + c * features + j],
        spherical: slot[layout.scatter + c],
      })[covarianceType];
    for (let j = 0; j < features; j++) scale[layout.weightedSums + c * features + j] = Math.sqrt(mass * diagonal(j));
    if (covarianceType !== "full" && !(covarianceType === "tied" && c === 0)) continue;
    for (let i = 0, index = layout.scatter + c * triangle; i < features; i++) {
      for (let j = 0; j <= i; j++, index++) scale[index] = Math.sqrt(diagonal(i) * diagonal(j));
    }
  }
  return scale;
}

function worstError(actual: Float64Array, expected: Float64Array, scale: ArrayLike<number>): number {
  return expected.reduce((worst, value, i) => {
    if (actual[i] === value) return worst;
    const error = Math.abs(actual[i] - value) / scale[i];
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }, 0);
}

const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const tolerance = (logDensities: Float64Array) => 1e-13 + 8 * Number.EPSILON * largest(logDensities);

describe.each([{ relaxed: true }, { relaxed: true, unrolled: false }, { relaxed: false }])(
  "SIMD kernel, %o",
  (options) => {
    law("has the statistics of the reference kernel", kernelChoices({ features: 40, count: 700 }), 60, (choice) => {
      const given = kernelCase(choice);
      const kernel = reference(given);
      const expected = statisticsOf(kernel, given);
      const allowed = tolerance(evaluated(kernel, given).logDensities);
      const actual = statisticsOf(simd(given, options), given);
      expect(worstError(actual, expected, scales(given, expected))).toBeLessThanOrEqual(allowed);
    });

    law("evaluates as the reference kernel", kernelChoices({ features: 20, count: 300 }), 40, (choice) => {
      const given = kernelCase(choice);
      const expected = evaluated(reference(given), given);
      const actual = evaluated(simd(given, options), given);
      const allowed = tolerance(expected.logDensities);
      const { logDensities, logJoint, responsibilities } = expected;
      expect(worstError(actual.logDensities, logDensities, logDensities.map(Math.abs))).toBeLessThanOrEqual(allowed);
      expect(worstError(actual.logJoint, logJoint, logJoint.map(Math.abs))).toBeLessThanOrEqual(allowed);
      const ones = new Float64Array(responsibilities.length).fill(1);
      expect(worstError(actual.responsibilities, responsibilities, ones)).toBeLessThanOrEqual(allowed);
      actual.labels.forEach((label, point) => {
        const row = logJoint.subarray(point * given.shape.components, (point + 1) * given.shape.components);
        expect(row[label]).toBeGreaterThanOrEqual(Math.max(...row) * (1 - Math.sign(Math.max(...row)) * allowed));
      });
    });
  },
);

describe("bits", () => {
  law("unrolled and looped code agree bit for bit", kernelChoices({ features: 24, count: 700 }), 60, (choice) => {
    const given = kernelCase(choice);
    const unrolled = statisticsOf(simd(given, { relaxed: true, unrolled: true }), given);
    const looped = statisticsOf(simd(given, { relaxed: true, unrolled: false }), given);
    expect(looped).toEqual(unrolled);
  });

  law("a kernel forgets what it computed before", kernelChoices({ features: 12, count: 700 }), 20, (choice) => {
    const given = kernelCase(choice);
    const other = kernelCase({ ...choice, seed: choice.seed + 1 });
    const kernel = simd(given, { relaxed: true });
    const fresh = statisticsOf(kernel, given);
    kernel.load(other.parameters);
    statisticsOf(kernel, other);
    evaluated(kernel, other);
    kernel.load(given.parameters);
    expect(statisticsOf(kernel, given)).toEqual(fresh);
  });
});

test.each(COVARIANCE_TYPES)("many features and many components: %s", (covarianceType) => {
  const choice = {
    dtype: "f64",
    weights: "none",
    spread: 1,
    far: 0,
    absent: false,
    ruleOfZero: true,
    seed: 3,
  } as const;
  for (const [features, components] of [
    [130, 3],
    [3, 1100],
  ]) {
    const given = kernelCase({ ...choice, covarianceType, features, components, count: 67 });
    const expected = statisticsOf(reference(given), given);
    const actual = statisticsOf(simd(given, { relaxed: true }), given);
    expect(worstError(actual, expected, scales(given, expected))).toBeLessThanOrEqual(1e-12);
  }
});

test("equal shapes have equal keys and bytes; other code has another key", () => {
  const { shape } = kernelCase(fc.sample(kernelChoices({ features: 8, count: 10 }), { seed: 1, numRuns: 1 })[0]);
  const key = simdProgram(shape, { relaxed: true }).key;
  expect(simdProgram({ ...shape }, { relaxed: true }).key).toBe(key);
  expect(simdProgram(shape, { relaxed: false }).key).not.toBe(key);
  expect(simdProgram({ ...shape, features: shape.features + 1 }, { relaxed: true }).key).not.toBe(key);
});
