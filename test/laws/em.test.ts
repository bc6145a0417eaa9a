import { GaussianMixture, type Mixture, summarize } from "@emix/core";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import type { Iteration } from "../../packages/core/src/step/iteration.ts";
import { error, scaledError } from "../support/compare.ts";
import { law } from "../support/laws.ts";
import { limitsFor } from "../support/regularization.ts";
import { CORRELATED_TYPES, COVARIANCE_TYPES, reordered, scenes, shuffled } from "../support/scenes.ts";
import { allSteps, executorsBy, KERNELS, steps } from "../support/steps.ts";
import { mapped, onGridAt, permuted, triangularMap } from "../support/transforms.ts";

const ROUNDING = 1e-11;

function difference(a: Iteration, b: Iteration): number {
  return Math.max(mixtureDifference(a.mixture, b.mixture), error(a.lowerBound, b.lowerBound));
}

function mixtureDifference(a: Mixture, b: Mixture): number {
  return Math.max(
    error(a.weights, b.weights),
    error(a.means, b.means),
    scaledError(a.packedCovariances, b.packedCovariances),
  );
}

function expectMonotone(iterations: readonly Iteration[]): void {
  for (let i = 1; i < iterations.length; i++) {
    const before = iterations[i - 1].lowerBound;
    expect(iterations[i].lowerBound).toBeGreaterThanOrEqual(before - 1e-12 * Math.max(1, Math.abs(before)));
  }
}

const KINDS = KERNELS.flatMap((kernel) => COVARIANCE_TYPES.map((type) => [kernel, type] as const));

describe.each(KINDS)("EM by the %s kernel, %s covariances", (kernel, type) => {
  const executorOf = executorsBy(kernel);
  const types = [type];

  law("the likelihood never falls: no regularization", scenes({ types }), 250, async ({ points, start }) => {
    expectMonotone(await allSteps(executorOf(points), start, 12));
  });

  law(
    "the likelihood never falls under a floor, whether it binds or not",
    fc.tuple(scenes({ types, components: 3, features: 3 }), fc.constantFrom(1e-12, 1e-3, 0.1), fc.boolean()),
    250,
    async ([{ points, start, count, seed }, regularization, degenerate]) => {
      // Half of the points lie on a line, so that a covariance wants to be singular.
      const random = randomStream(seed, "line");
      const data = points.data.map((x, i) =>
        degenerate && Math.floor(i / points.features) < count / 2 ? 20 + random.uniform() * 1e-9 : x,
      );
      const executor = executorOf({ data, features: points.features });
      const floor = limitsFor({ regularization }, await summarize(executor));
      // The first iterate is inside the constraint; from there on EM cannot lose.
      expectMonotone((await allSteps(executor, start, 12, floor)).slice(1));
    },
  );

  law("weights sum to 1 and everything is finite", scenes({ types }), 250, async ({ points, start }) => {
    const { mixture } = await steps(executorOf(points), start, 5);
    const sum = mixture.weights.reduce((total, weight) => total + weight, 0);
    expect(Math.abs(sum - 1)).toBeLessThan(1e-15 * mixture.components);
    for (const values of [mixture.means, mixture.packedCovariances, mixture.factors, mixture.meansResidual]) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  law("the order of the rows does not matter", scenes({ types }), 250, async ({ points, start, count, seed }) => {
    const order = shuffled(count, randomStream(seed, "order"));
    const a = await steps(executorOf(points), start, 4);
    const b = await steps(executorOf(reordered(points, order)), start, 4);
    expect(difference(a, b)).toBeLessThan(ROUNDING);
  });

  law("the order of the components does not matter", scenes({ types }), 250, async ({ points, start, seed }) => {
    const order = shuffled(start.components, randomStream(seed, "order"));
    const a = await steps(executorOf(points), start, 4);
    const b = await steps(executorOf(points), permuted(start, order), 4);
    expect(mixtureDifference(permuted(new GaussianMixture(a.mixture), order).parameters, b.mixture)).toBeLessThan(
      ROUNDING,
    );
    expect(error(a.lowerBound, b.lowerBound)).toBeLessThan(ROUNDING);
  });

  law("a weight of 2 is the row twice", scenes({ types }), 250, async ({ points, start, count, seed }) => {
    const random = randomStream(seed, "weights");
    const weights = Array.from({ length: count }, () => 1 + Math.floor(3 * random.uniform()));
    const copies = weights.flatMap((weight, row) => new Array<number>(weight).fill(row));
    const a = await steps(executorOf(points, weights), start, 4);
    const b = await steps(executorOf(reordered(points, copies)), start, 4);
    expect(difference(a, b)).toBeLessThan(ROUNDING);
  });

  law("a weight of 0 is no row, wherever it lies", scenes({ types }), 250, async ({ points, start, count, seed }) => {
    const random = randomStream(seed, "weights");
    const weights = Array.from({ length: count }, () => (random.uniform() < 0.2 ? 0 : 1));
    const present = weights.flatMap((weight, row) => (weight === 0 ? [] : [row]));
    const { features } = points;
    const data = points.data.map((x, i) => (weights[Math.floor(i / features)] === 0 ? 1e300 * (x - 1) : x));
    const a = await steps(executorOf({ data, features }, weights), start, 4);
    const b = await steps(executorOf(reordered(points, present)), start, 4);
    expect(difference(a, b)).toBeLessThan(ROUNDING);
  });

  law("the unit of the weights does not matter", scenes({ types }), 250, async ({ points, start, count }) => {
    const a = await steps(executorOf(points), start, 4);
    const b = await steps(executorOf(points, new Array<number>(count).fill(2 ** -7)), start, 4);
    expect(difference(a, b)).toBe(0);
  });

  law("n + m steps are n steps, then m: bit for bit", scenes({ types }), 250, async ({ points, start }) => {
    const executor = executorOf(points);
    const halfway = await steps(executor, start, 2);
    const unbroken = await steps(executor, start, 5);
    expect(await steps(executor, halfway, 3)).toEqual(unbroken);
    const again = await steps(executor, new GaussianMixture(halfway.mixture), 3);
    expect(again.mixture).toEqual(unbroken.mixture);
  });

  law("an exact translation moves the means and nothing else", scenes({ types }), 250, async (scene) => {
    const { points, start } = scene;
    const features = points.features;
    const onGrid = points.data.map((x) => Math.round(x * 1024) / 1024);
    const a = await steps(executorOf({ data: onGrid, features }), onGridAt(start, 0), 4);
    const far = { data: onGrid.map((x) => x + 2 ** 30), features };
    const b = await steps(executorOf(far), onGridAt(start, 2 ** 30), 4);
    const back = b.mixture.means.map((mean, i) => mean - 2 ** 30 + b.mixture.meansResidual[i]);
    expect(error(back, a.mixture.means)).toBeLessThan(ROUNDING);
    expect(scaledError(b.mixture.packedCovariances, a.mixture.packedCovariances)).toBeLessThan(ROUNDING);
  });
});

describe.each(KERNELS)("EM by the %s kernel, between the types", (kernel) => {
  const executorOf = executorsBy(kernel);
  law(
    "at d = 1 all types agree; those that share a covariance where there is one component",
    scenes({ types: ["full"], features: 1 }),
    1000,
    async ({ points, start }) => {
      const { weights, means, covariances } = start;
      const run = (covarianceType: (typeof COVARIANCE_TYPES)[number]) =>
        steps(executorOf(points), GaussianMixture.fromParameters({ weights, means, covariances, covarianceType }), 6);
      const full = await run("full");
      const others = COVARIANCE_TYPES.filter((type) => start.components === 1 || !covarianceRow(type).shared);
      for (const type of others) expect(difference(await run(type), full)).toBeLessThan(1e-12);
    },
  );

  law(
    "one component: spherical ≤ diag ≤ full = tied",
    scenes({ types: ["full"], components: 1 }),
    1000,
    async (scene) => {
      const bounds = new Map<string, number>();
      for (const covarianceType of COVARIANCE_TYPES) {
        const assignmentProbs = new Float64Array(scene.count).fill(1);
        const { points } = scene;
        const mixture = GaussianMixture.fromPointsAndAssignmentProbs(points, { assignmentProbs, covarianceType });
        bounds.set(covarianceType, mixture.score(points));
      }
      const at = (type: string) => bounds.get(type) as number;
      expect(at("spherical")).toBeLessThanOrEqual(at("diag") + 1e-13);
      expect(at("diag")).toBeLessThanOrEqual(at("full") + 1e-13);
      expect(error(at("tied"), at("full"))).toBeLessThan(1e-13);
    },
  );

  law(
    "an affine map shifts the bound of full and tied by −log|det A|",
    scenes({ types: CORRELATED_TYPES }),
    1000,
    async (scene) => {
      const { features, seed, points, start } = scene;
      const map = triangularMap(features, seed);
      const a = await steps(executorOf(points), start, 4);
      const b = await steps(executorOf({ data: map.apply(points.data), features }), mapped(scene, map), 4);
      expect(error(b.lowerBound, a.lowerBound - map.logDeterminant)).toBeLessThan(1e-10);
      expect(error(b.mixture.weights, a.mixture.weights)).toBeLessThan(1e-10);
      expect(error(b.mixture.means, map.apply(a.mixture.means))).toBeLessThan(1e-9);
    },
  );
});
