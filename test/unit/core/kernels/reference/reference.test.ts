import { type CovarianceType, evaluate, GaussianMixture, tileCount } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COVARIANCE_TYPES, covarianceRow } from "../../../../../packages/core/src/covariance/types.ts";
import { referenceKernel } from "../../../../../packages/core/src/kernels/reference/reference.ts";
import { roundSums } from "../../../../../packages/core/src/linear-algebra/compensated-sum.ts";
import {
  densityLayout,
  densityParameters,
  FARTHEST,
  logDensityUnit,
  NEGLIGIBLE,
} from "../../../../../packages/core/src/mixture/density.ts";
import { readPoint } from "../../../../../packages/core/src/points/tiles.ts";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { statisticsLayout, WEIGHT_TOTAL } from "../../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";
import { kernelCase, kernelChoices } from "../../../../support/kernel-cases.ts";
import { law } from "../../../../support/laws.ts";
import { onePass } from "../../../../support/statistics.ts";

describe("the reference kernel", () => {
  const points = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -40, max: 40 })), {
    minLength: 1,
    maxLength: 200,
  });

  law("rounds each sum of a block once, whatever the weights", points, 60, async (pairs) => {
    const standard = GaussianMixture.fromParameters({
      weights: [1],
      means: [0],
      covariances: [1],
      covarianceType: "diag",
    });
    const [data, weights] = [pairs.map(([x]) => [x]), pairs.map(([, exponent]) => 2 ** exponent)];
    const executor = inThreadExecutor(tilePoints(data, weights), "reference");
    const statistics = await onePass(executor, standard.parameters);
    const { responsibilitySums, weightedSums, scatter } = statistics.layout;
    const slot = roundSums(statistics);
    // Multiples of 2⁻⁴⁰, so integers in these units.
    const exact = (power: number) =>
      Number(pairs.reduce((sum, [x, exponent]) => sum + ((BigInt(x) ** BigInt(power)) << BigInt(exponent + 40)), 0n)) /
      2 ** 40;
    expect(slot[WEIGHT_TOTAL]).toBe(exact(0));
    expect(slot[responsibilitySums]).toBe(exact(0));
    expect(slot[weightedSums]).toBe(exact(1));
    expect(slot[scatter]).toBe(exact(2));
  });

  test("tells components apart by less than the spacing of doubles at their log densities", async () => {
    // At |lp| = 2⁵¹ doubles are ½ apart. lp differs by x m − m²/2.
    const [x, m] = [2 ** 26 + 1, 2 ** -26];
    const mixture = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [0, m],
      covariances: [1, 1],
      covarianceType: "spherical",
    });
    const executor = inThreadExecutor(tilePoints([[x]]), "reference");
    const { responsibilities } = await evaluate(executor, mixture.parameters, ["responsibilities"]);
    const [far, near] = responsibilities;
    expect(Math.log(near / far)).toBeCloseTo(x * m, 14);
  });

  test("does not tell apart what is farther than doubles reach", () => {
    const mixture = GaussianMixture.fromParameters({
      weights: [0.25, 0.75],
      means: [0, 1],
      covariances: [1, 1],
      covarianceType: "spherical",
    });
    expect(mixture.predictProba([[1e160]])).toEqual(Float64Array.of(0.5, 0.5));
  });
});

describe("the reference kernel", () => {
  law("adds up what it says of each point", kernelChoices({ features: 3, count: 150 }), 60, (choice) => {
    const { tiles, shape, parameters } = kernelCase({ ...choice, far: 0, frames: "none" });
    const { components, features, covarianceType } = shape;
    const kernel = referenceKernel(shape);
    kernel.load(parameters, false);
    const layout = statisticsLayout(components, features, covarianceType);
    const slot = new Float64Array(layout.length).fill(9);
    kernel.expectation({ tiles, first: 0, end: tileCount(tiles) }, slot);
    const logDensities = new Float64Array(tiles.count);
    const responsibilities = new Float64Array(tiles.count * components);
    kernel.evaluate({ tiles, first: 0, end: tileCount(tiles) }, { logDensities, responsibilities });
    let [logLikelihood, total] = [0, 0];
    const masses = new Float64Array(components);
    for (let i = 0; i < tiles.count; i++) {
      const weight = tiles.pointWeights?.[i] ?? 1;
      total += weight;
      if (weight > 0) logLikelihood += weight * logDensities[i];
      for (let c = 0; c < components; c++) masses[c] += weight * responsibilities[i * components + c];
    }
    const close = (actual: number, expected: number) =>
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
    close(slot[0], logLikelihood);
    close(slot[1], total);
    for (const [c, mass] of masses.entries()) close(slot[layout.responsibilitySums + c], mass);
  });

  test.each(COVARIANCE_TYPES)("the scatter is Σ ω r z zᵀ, of each component or of all: %s", (covarianceType) => {
    const { matrix, shared } = covarianceRow(covarianceType);
    const choice = { features: 2, components: 3, count: 90, dtype: "f64", weights: "some", spread: 1, far: 0 } as const;
    const rest = { absent: false, ruleOfZero: false, frames: "none", seed: 4 } as const;
    const { tiles, shape, parameters } = kernelCase({ ...choice, ...rest, covarianceType });
    const kernel = referenceKernel(shape);
    kernel.load(parameters, false);
    const { pivots } = densityLayout(3, 2, covarianceType);
    const { scatter, length } = statisticsLayout(3, 2, covarianceType);
    const slot = new Float64Array(length);
    const responsibilities = new Float64Array(90 * 3);
    kernel.expectation({ tiles, first: 0, end: tileCount(tiles) }, slot);
    kernel.evaluate({ tiles, first: 0, end: tileCount(tiles) }, { responsibilities });
    const scatterOf = (c: number) => {
      const sums = [0, 0, 0];
      for (let i = 0; i < 90; i++) {
        const weight = (tiles.pointWeights?.[i] ?? 1) * responsibilities[3 * i + c];
        const [a, b] = readPoint(tiles, i, new Float64Array(2)).map((x, j) => x - parameters[pivots + 2 * c + j]);
        [a * a, a * b, b * b].forEach((product, entry) => {
          sums[entry] += weight * product;
        });
      }
      return { triangle: sums, diagonal: [sums[0], sums[2]], scalar: [sums[0] + sums[2]] }[matrix];
    };
    const [first, second, third] = [0, 1, 2].map(scatterOf);
    const all = first.map((value, i) => value + second[i] + third[i]);
    const expected = shared ? all : [...first, ...second, ...third];
    expect([...slot.subarray(scatter)]).toEqual(expected.map((value) => expect.closeTo(value, 10)));
  });

  const shapeOf = (covarianceType: CovarianceType) => ({
    features: 1,
    components: 2,
    covarianceType,
    dtype: "f64" as const,
    tileSize: 64,
  });
  const mixture = GaussianMixture.fromParameters({
    weights: [0.5, 0.5],
    means: [0, 4],
    covariances: [1, 4],
    covarianceType: "diag",
  }).parameters;

  test("densities, responsibilities and labels by hand, of the second tile", () => {
    const data = new Float64Array(66).fill(1);
    data.set([0, 2], 64);
    const tiles = tilePoints({ data, features: 1 });
    const kernel = referenceKernel(shapeOf("diag"));
    kernel.load(densityParameters(mixture), false);
    const whole = {
      logDensities: new Float64Array(66).fill(7),
      logJoint: new Float64Array(132).fill(7),
      responsibilities: new Float64Array(132).fill(7),
      labels: new Int32Array(66).fill(7),
    };
    kernel.evaluate({ tiles, first: 1, end: 2 }, whole);
    for (const array of Object.values(whole)) expect(array[0]).toBe(7);
    const joint = (x: number) => [Math.log(0.5) - (x * x) / 2, Math.log(0.25) - ((x - 4) / 2) ** 2 / 2];
    for (const [i, x] of [0, 2].entries()) {
      const [a, b] = joint(x);
      const sum = Math.exp(a) + Math.exp(b);
      expect([...whole.logJoint.subarray(128 + 2 * i, 130 + 2 * i)]).toEqual(
        [a, b].map((value) => expect.closeTo(value, 14)),
      );
      expect(whole.logDensities[64 + i]).toBeCloseTo(Math.log(sum), 14);
      expect(whole.responsibilities[128 + 2 * i]).toBeCloseTo(Math.exp(a) / sum, 14);
      expect(whole.responsibilities[129 + 2 * i]).toBeCloseTo(Math.exp(b) / sum, 14);
    }
    expect([...whole.labels.subarray(64)]).toEqual([0, 1]);
    expect(logDensityUnit(mixture)).toBe(-0.5 * Math.log(2 * Math.PI));
  });

  test("of a tie the lower label", () => {
    const same = {
      ...mixture,
      means: new Float64Array(2),
      packedCovariances: Float64Array.of(1, 1),
      factors: Float64Array.of(1, 1),
    };
    const kernel = referenceKernel(shapeOf("diag"));
    kernel.load(densityParameters(same), false);
    const labels = Int32Array.of(7);
    kernel.evaluate({ tiles: tilePoints([[3]]), first: 0, end: 1 }, { labels });
    expect([...labels]).toEqual([0]);
  });

  test.each(["full", "diag", "spherical"] as const)(
    "a point beyond the doubles is FARTHEST away: %s",
    (covarianceType) => {
      const kernel = referenceKernel(shapeOf(covarianceType));
      for (const mean of [1e200, Number.POSITIVE_INFINITY]) {
        kernel.load(densityParameters({ ...mixture, covarianceType, means: Float64Array.of(0, mean) }), false);
        const logJoint = new Float64Array(2);
        kernel.evaluate({ tiles: tilePoints([[0]]), first: 0, end: 1 }, { logJoint });
        expect(logJoint[1]).toBe(-FARTHEST / 2);
      }
      kernel.load(densityParameters({ ...mixture, covarianceType, weights: Float64Array.of(1, 0) }), false);
      const responsibilities = new Float64Array(2);
      kernel.evaluate({ tiles: tilePoints([[0]]), first: 0, end: 1 }, { responsibilities });
      expect([...responsibilities]).toEqual([1, 0]);
      expect(NEGLIGIBLE).toBeLessThan(-FARTHEST / 2);
    },
  );
});
