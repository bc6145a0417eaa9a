import { type Executor, GaussianMixture, inStoredUnits, type Pass, summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { covarianceRow } from "../../../../packages/core/src/covariance/types.ts";
import { roundSums } from "../../../../packages/core/src/linear-algebra/compensated-sum.ts";
import {
  densityLayout,
  densityParameters,
  logDensityUnit,
  RULE_SLOPE,
} from "../../../../packages/core/src/mixture/density.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { expectation, expectationPass } from "../../../../packages/core/src/step/expectation.ts";
import { plainRules } from "../../../../packages/core/src/step/rules.ts";
import { inThreadExecutor } from "../../../support/in-thread-executor.ts";
import { regularizationOf } from "../../../support/regularization.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";
import { allSteps, executorOf, steps } from "../../../support/steps.ts";

type EStep = Pass & { readonly kind: "expectation" };

/** The executor, listing E-steps. */
function watched(executor: Executor): { executor: Executor; seen: EStep[] } {
  const seen: EStep[] = [];
  const run: Executor["run"] = (pass: Pass, consume) => {
    if (pass.kind === "expectation") seen.push(pass);
    return executor.run(pass, consume);
  };
  return { executor: { ...executor, run }, seen };
}

/** The executor, counting E-steps. */
function counted(given: Executor): { executor: Executor; passes: () => number } {
  const { executor, seen } = watched(given);
  return { executor, passes: () => seen.length };
}

const spherical = (weights: number[], means: number[]) =>
  GaussianMixture.fromParameters({
    weights,
    means,
    covariances: means.map(() => 1),
    covarianceType: "spherical",
  });

describe("the rule of zero", () => {
  test("a negligible responsibility is exactly 0, one that counts is not", () => {
    const mixture = spherical([0.5, 0.5], [0, 20]);
    const [, far, , near] = mixture.predictProba([[0], [8]]);
    expect(far).toBe(0);
    expect(near / Math.exp(-40)).toBeCloseTo(1, 12);
  });

  test("never drops the largest, however small the weight or far the point", () => {
    for (const weight of [1e-300, 1e-12, 0.5]) {
      const mixture = spherical([1 - weight, weight], [0, 1000]);
      const points = [[1000], [1001], [970], [1e6], [1e200]];
      for (const [i, label] of mixture.predict(points).entries()) {
        expect(mixture.predictProba(points)[2 * i + label]).toBeGreaterThanOrEqual(0.5);
      }
    }
  });

  test("implies that the unweighted density is under e⁻⁴⁰ of the point's", () => {
    const weights = [0.9, 0.1];
    const mixture = spherical(weights, [0, 3]);
    const layout = densityLayout(2, 1, "spherical");
    const parameters = densityParameters(mixture.parameters);
    const unit = logDensityUnit(mixture.parameters);
    for (let x = -60; x < 60; x += 0.37) {
      const logs = mixture.conditionalLogProb([[x]]);
      const joint = logs.map((value, c) => value + Math.log(weights[c]));
      const most = Math.max(...joint);
      for (const c of [0, 1]) {
        const dropped = (joint[c] - unit) * RULE_SLOPE + parameters[layout.zeroThresholds + c] < most - unit;
        const q = -2 * (logs[c] + 0.5 * Math.log(2 * Math.PI));
        if (dropped) expect(logs[c] + Math.log1p(q)).toBeLessThan(most - 40);
        expect(mixture.predictProba([[x]])[c] === 0).toBe(dropped);
      }
    }
  });
});

describe("the guard of the rule", () => {
  /** Under such a ridge no second look is asked for. */
  const rules = { ...plainRules(1), regularization: regularizationOf([0], 1e6) };
  const points = Array.from({ length: 40 }, (_, i) => [60 + (i % 10) / 10]);

  test("an ordinary step takes one pass", async () => {
    const { executor, passes } = counted(executorOf(points));
    await expectation(executor, spherical([0.5, 0.5], [60, 61]).parameters, rules);
    expect(passes()).toBe(1);
  });

  test("a component that would lose more than it can spare is computed without the rule", async () => {
    // The second component stands 12 and more sd off: its share is e⁻⁷², but it is all that it has.
    const { executor, seen } = watched(executorOf(points));
    const start = spherical([0.5, 0.5], [60.45, 73.5]);
    const { statistics } = await expectation(executor, start.parameters, rules);
    // With the rule, without it, and then for a second look at what is left: about another mean.
    const plain = densityLayout(2, 1, "spherical").length;
    expect(seen.map(({ parameters }) => parameters.length === plain)).toEqual([true, true, false]);
    const { responsibilitySums } = statistics.layout;
    const mass = roundSums(statistics)[responsibilitySums + 1];
    expect(mass).toBeGreaterThan(1e-40);
    const expected = points.reduce((sum, [x]) => {
      const difference = ((x - 60.45) ** 2 - (x - 73.5) ** 2) / 2;
      return sum + 1 / (1 + Math.exp(-difference));
    }, 0);
    expect(Math.abs(mass / expected - 1)).toBeLessThan(1e-12);
  });

  test.each([
    [1 - 1e-6, 1],
    [1 + 1e-6, 2],
  ])(
    "which is more than 2⁻¹² of its mass before: at a log odds of %d · log(2¹³ − 1), %d passes",
    async (size, count) => {
      // All points at 0, and at m, by m²/2 = log odds, a component that is left with 2⁻¹³ of every point.
      const away = Math.sqrt(2 * size * Math.log(2 ** 13 - 1));
      for (const means of [
        [0, away],
        [away, 0],
      ]) {
        for (const weight of [0.25, 1, 8]) {
          const given = executorOf(new Array(40).fill([0]), new Array(40).fill(weight));
          const { executor, seen } = watched(given);
          await expectation(executor, spherical([0.5, 0.5], means).parameters, rules);
          expect(seen.length).toBe(count);
          const { zeroThresholds } = densityLayout(2, 1, "spherical");
          const thresholds = seen.map(({ parameters }) => Math.abs(parameters[zeroThresholds]) < 100);
          expect(thresholds).toEqual([true, false].slice(0, count));
        }
      }
    },
  );

  test.each(COVARIANCE_TYPES)("all points 60 sd from every start: EM finds them all the same, %s", async (type) => {
    const start = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [0, 0.1],
      covariances: covarianceRow(type).shared ? [1] : [1, 1],
      covarianceType: type,
    });
    const { mixture } = await steps(executorOf(points), start, 2);
    const mean = mixture.weights[0] * mixture.means[0] + mixture.weights[1] * mixture.means[1];
    expect(mean).toBeCloseTo(60.45, 9);
    expect([...mixture.packedCovariances, ...mixture.weights].every(Number.isFinite)).toBe(true);
  });

  test("a component 60 sd away from every point empties, with a warning, and poisons nothing", async () => {
    const start = spherical([0.5, 0.5], [60.45, 120.45]);
    const executor = executorOf(points);
    const found = await allSteps(executor, start, 3);
    for (const { mixture, lowerBound, warnings } of found) {
      expect([...mixture.weights]).toEqual([1, 0]);
      expect([mixture.means[1], mixture.packedCovariances[1]]).toEqual([120.45, 1]);
      expect(Number.isFinite(lowerBound)).toBe(true);
      expect(warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 1 }]);
    }
    const { means, variances } = await summarize(executor);
    const last = found[2].mixture;
    expect(last.means[0]).toBeCloseTo(means[0], 12);
    expect(last.packedCovariances[0]).toBeCloseTo(variances[0], 12);
  });
});

describe("far points", () => {
  test.each(COVARIANCE_TYPES)("give finite densities at any distance, even where ∞ − ∞ lies on the way: %s", (type) => {
    const variances = { triangle: [1e-300, 0, 0, 1e-300], diagonal: [1e-300, 1], scalar: [1e-300] };
    const mixture = GaussianMixture.fromParameters({
      weights: [1],
      means: [0, -1.7e308],
      covariances: variances[covarianceRow(type).matrix],
      covarianceType: type,
    });
    const points = [
      [1.7e308, 1.7e308],
      [-1e200, 1e200],
      [0, 0],
    ];
    for (const values of [mixture.logProb(points), mixture.predictProba(points), mixture.conditionalLogProb(points)]) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("a second look", () => {
  // One component, far from where its points are: measured about the new mean again.
  const points = Array.from({ length: 3000 }, (_, i) => [100 + (i % 7), (i * i) % 11]);
  const start = (mean: number) =>
    GaussianMixture.fromParameters({ weights: [1], means: [mean, 5], covariances: [1, 0, 0, 1] }).parameters;
  const kinds = async (kernel: "reference" | "simd", arithmetic: "f64" | "f32", mean: number) => {
    const { executor, seen } = watched({ ...inThreadExecutor(tilePoints(points), kernel), arithmetic });
    await expectation(executor, start(mean), plainRules(2));
    return seen.map(({ program }) => program.kind);
  };

  test("is by the kernel of the first, in f64", async () => {
    expect(await kinds("reference", "f64", 0)).toEqual(["reference", "reference"]);
    expect(await kinds("simd", "f64", 0)).toEqual(["simd", "simd"]);
    expect(await kinds("simd", "f32", 0)).toEqual(["simd", "simd"]);
    expect(await kinds("simd", "f64", 103)).toEqual(["simd"]);
  });
});

test("a log-likelihood is that of the points as they were given, in whatever units they are stored", async () => {
  const sum = async (scale: number) => {
    const points = [
      [1, 2],
      [2, 5],
      [4, 3],
    ].map((row) => row.map((x) => x * scale));
    const covariances = [2 * scale * scale, 3 * scale * scale];
    const mixture = GaussianMixture.fromParameters({
      weights: [1],
      means: [scale, 2 * scale],
      covariances,
      covarianceType: "diag",
    });
    const executor = executorOf(points);
    const stored = inStoredUnits(mixture.parameters, executor.tiles.exponents);
    return roundSums((await expectation(executor, stored, plainRules(2))).statistics)[0];
  };
  // three points, two features, each 2^480 times as wide
  expect((await sum(1)) - (await sum(2 ** 480))).toBeCloseTo(6 * 480 * Math.LN2, 9);
});

test("a pass about other pivots takes their frames, without a look at its own", () => {
  const executor = executorOf([
    [0, 1],
    [2, 3],
  ]);
  const { parameters } = GaussianMixture.fromParameters({ weights: [1], means: [1, 2], covariances: [1, 0, 0, 1] });
  const frames = { framed: Int8Array.of(1), factors: Float64Array.of(2, 1, 3) };
  const measure = { pivots: Float64Array.of(5, 7), frames };
  const pass = expectationPass(executor, parameters, { ruleOfZero: false, measure });
  expect(pass.measured).toBe(true);
  expect([...pass.parameters.slice(-6)]).toEqual([1, 5, 7, 2, 1, 3]);
  expect(expectationPass(executor, parameters, { ruleOfZero: false }).measured).toBe(false);
});
