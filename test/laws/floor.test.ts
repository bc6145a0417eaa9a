import { type Executor, summarize } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import type { Iteration } from "../../packages/core/src/step/iteration.ts";
import { law } from "../support/laws.ts";
import { limitsFor } from "../support/regularization.ts";
import { CORRELATED_TYPES, type Scene, scenes } from "../support/scenes.ts";
import { allSteps, executorOf, executorsBy, KERNELS, steps } from "../support/steps.ts";

const MATRICES = KERNELS.flatMap((kernel) => CORRELATED_TYPES.map((type) => [kernel, type] as const));

/** The last feature a combination of the others, to the last bit that rounding leaves. */
function collinear({ points, features, seed }: Scene): Scene["points"] {
  const random = randomStream(seed, "collinear");
  const weights = Array.from({ length: features - 1 }, () => random.normal());
  const data = points.data.slice() as Float64Array;
  for (let row = 0; row < data.length; row += features) {
    data[row + features - 1] = weights.reduce((sum, weight, j) => sum + weight * data[row + j], 0);
  }
  return { data, features };
}

async function floored(executor: Executor, start: Scene["start"], regularization: number, count: number) {
  const floor = limitsFor({ regularization }, await summarize(executor));
  return allSteps(executor, start, count, floor);
}

function greatestFall(iterations: readonly Iteration[]): number {
  // The first iterate is inside the constraint; from there on EM cannot lose.
  const bounds = iterations.slice(1).map(({ lowerBound }) => lowerBound);
  return Math.max(...bounds.slice(1).map((bound, i) => (bounds[i] - bound) / Math.max(1, Math.abs(bound))));
}

describe.each(MATRICES)("the floor, %s kernel, %s covariances", (kernel, type) => {
  const by = executorsBy(kernel);
  const degenerate = scenes({ types: [type], components: 3, features: { least: 2, most: 5 } });

  law(
    "on exactly collinear data the likelihood never falls",
    fc.tuple(degenerate, fc.constantFrom(1e-12, 1e-6, 1e-2)),
    40,
    async ([scene, regularization]) => {
      const iterations = await floored(by(collinear(scene)), scene.start, regularization, 15);
      expect(greatestFall(iterations)).toBeLessThan(1e-12);
    },
  );

  law("one pass a step is enough once the floor holds", degenerate, 20, async (scene) => {
    const iterations = await floored(by(collinear(scene)), scene.start, 1e-12, 15);
    expect(iterations.slice(3).filter(({ lookedAtAgain }) => lookedAtAgain.length > 0).length).toBeLessThanOrEqual(2);
  });

  law("no covariance is thinner than the floor in any direction", degenerate, 20, async (scene) => {
    const executor = by(collinear(scene));
    const floor = limitsFor({ regularization: 1e-3 }, await summarize(executor));
    const { mixture } = await steps(executor, scene.start, 5, floor);
    const { features, factors } = mixture;
    const triangle = (features * (features + 1)) / 2;
    for (let at = 0; at < factors.length; at += triangle) {
      // Rows of W F^½: a squared norm of 1 says that the floor binds, more is forbidden.
      for (let i = 0, index = at; i < features; i++) {
        let sum = 0;
        for (let j = 0; j <= i; j++, index++) sum += factors[index] ** 2 * floor.regularization.floors[j];
        expect(sum).toBeLessThan(1 + 1e-9);
      }
    }
  });
});

describe("regularization is free of units", () => {
  law(
    "scaling features changes no weight, and shifts the bound",
    scenes({ features: { least: 2, most: 4 } }),
    40,
    async (scene) => {
      const { points, features, start, covarianceType, seed } = scene;
      const random = randomStream(seed, "units");
      const one = 10 ** (4 * random.normal());
      const units = Array.from({ length: features }, () =>
        covarianceRow(covarianceType).matrix === "scalar" ? one : 10 ** (4 * random.normal()),
      );
      const [a, b] = await Promise.all(
        [new Array<number>(features).fill(1), units].map(async (scale) => {
          const data = points.data.map((x, i) => x * scale[i % features]);
          const executor = executorOf({ data, features });
          const floor = limitsFor({ regularization: 0.3 }, await summarize(executor));
          return steps(executor, rescaled(start, scale), 6, floor);
        }),
      );
      const shift = units.reduce((sum, unit) => sum + Math.log(unit), 0);
      expect(Math.abs(b.lowerBound + shift - a.lowerBound)).toBeLessThan(1e-10);
      b.mixture.weights.forEach((weight, c) => {
        expect(Math.abs(weight - a.mixture.weights[c])).toBeLessThan(1e-10);
      });
    },
  );
});

function rescaled(start: Scene["start"], scale: readonly number[]): Scene["start"] {
  const { weights, means, covariances, covarianceType, features: d } = start;
  const at = (i: number) => {
    const { matrix } = covarianceRow(covarianceType);
    if (matrix === "diagonal") return scale[i % d] ** 2;
    return matrix === "scalar" ? scale[0] ** 2 : scale[Math.floor(i / d) % d] * scale[i % d];
  };
  const Mixture = start.constructor as typeof import("@emix/core").GaussianMixture;
  return Mixture.fromParameters({
    weights,
    means: means.map((mean, i) => mean * scale[i % d]),
    covariances: covariances.map((value, i) => value * at(i)),
    covarianceType,
  });
}

describe("granularity", () => {
  const random = randomStream("granularity", "points");
  // Whole numbers, quarters, tenths, and numbers of all digits.
  const data = Float64Array.from({ length: 4000 }, (_, i) => {
    const x = 3 * random.normal();
    return [Math.round(x), Math.round(4 * x) / 4, Math.round(10 * x) / 10, x][i % 4];
  });

  test("auto finds the steps of rounded features, and none of others", async () => {
    const summary = await summarize(executorOf({ data, features: 4 }));
    const { resolution, regularization } = limitsFor({ regularization: 0, granularity: "auto" }, summary);
    const [found, { floors }] = [resolution.steps, regularization];
    expect(found[0]).toBe(1);
    expect(found[1]).toBe(0.25);
    expect(found[2]).toBeCloseTo(0.1, 12);
    expect(found[3]).toBe(0);
    expect(floors[0]).toBe(1 / 12);
    expect(floors[1]).toBe(1 / 192);
  });

  test("steps may be given one by one; a wrong number of them is an error", async () => {
    const summary = await summarize(executorOf({ data, features: 4 }));
    const given = (granularity: number[]) => limitsFor({ regularization: 0, granularity }, summary);
    expect([...given([1, 2, 0.5, 0]).resolution.steps]).toEqual([1, 2, 0.5, 0]);
    expect(() => given([1, 2])).toThrow("Expected `granularity` to be one number or 4 of them");
  });
});
