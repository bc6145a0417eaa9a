import { type CovarianceType, type Executor, GaussianMixture, summarize } from "@emix/core";
import { describe, expect, test } from "vitest";
import { diagonalsOf } from "../../../../../packages/core/src/covariance/covariances.ts";
import { fromLabels, fromRandomPoints } from "../../../../../packages/core/src/fit/initialization/start.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { plainRules, type Rules } from "../../../../../packages/core/src/step/rules.ts";
import { expectRejection } from "../../../../support/failures.ts";
import { nearestLabels } from "../../../../support/nearest-labels.ts";
import { limitsFor, regularizationOf } from "../../../../support/regularization.ts";
import { COVARIANCE_TYPES } from "../../../../support/scenes.ts";
import { executorOf } from "../../../../support/steps.ts";

describe("random starts", () => {
  const diag = (components: number) => ({ components, covarianceType: "diag" }) as const;
  const full = (components: number) => ({ components, covarianceType: "full" }) as const;
  const streamOf = (seed: number) => randomStream(seed, "random");

  test("take different points, uniform weights and the data's mean variance", async () => {
    const executor = executorOf(Array.from({ length: 30 }, (_, i) => [i, 2 * i]));
    const summary = await summarize(executor);
    const mixture = await fromRandomPoints(executor, diag(30), summary.variances, streamOf(1), plainRules(2));
    const first = Array.from({ length: 30 }, (_, c) => mixture.means[2 * c]);
    expect(first.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(new Set(mixture.weights)).toEqual(new Set([1 / 30]));
    expect(new Set(mixture.packedCovariances)).toEqual(new Set([(summary.variances[0] + summary.variances[1]) / 2]));
  });

  test("points of weight 0 are never taken; the least of the others at last", async () => {
    const weights = [1, 0, 1e-200, 0, 1e-100];
    const executor = executorOf([[0], [1], [2], [3], [4]], weights);
    const { variances } = await summarize(executor);
    for (let seed = 0; seed < 20; seed++) {
      const { means } = await fromRandomPoints(executor, full(3), variances, streamOf(seed), plainRules(1));
      expect([...means].sort()).toEqual([0, 2, 4]);
    }
  });

  test("where equal points are drawn, the first others make up for them", async () => {
    const rows = [
      [0, 0],
      [0, 0],
      [9, 9],
      [0, 0],
      [0, 1],
      [1, 0],
      [0, 0],
    ];
    const executor = executorOf(rows, [1e6, 1e6, 0, 1e6, 1, 1, 1e6]);
    const { variances } = await summarize(executor);
    const found = new Set<string>();
    for (let seed = 0; seed < 10; seed++) {
      const start = (components: number) =>
        fromRandomPoints(executor, diag(components), variances, streamOf(seed), plainRules(2));
      found.add([...(await start(2)).means].join());
      const { means, meansResidual } = await start(3);
      const places = [0, 1, 2].map((c) => means.slice(2 * c, 2 * c + 2).join());
      expect(places.toSorted()).toEqual(["0,0", "0,1", "1,0"]);
      expect(meansResidual).toEqual(new Float64Array(6));
      await expectRejection(start(4), "TOO_FEW_DISTINCT_POINTS", /at least 4 distinct points .* found 3;/);
    }
    // (0, 1) comes before (1, 0)
    expect(found).toEqual(new Set(["0,0,0,1"]));
    const plain = executorOf([[5], [5], [7]]);
    for (let seed = 0; seed < 10; seed++) {
      const { variances } = await summarize(plain);
      const { means } = await fromRandomPoints(plain, diag(2), variances, streamOf(seed), plainRules(1));
      expect([...means].toSorted()).toEqual([5, 7]);
    }
  });

  test("are drawn by weight", async () => {
    const executor = executorOf([[0], [1], [2]], [1, 2, 5]);
    const { variances } = await summarize(executor);
    const seen = [0, 0, 0];
    for (let seed = 0; seed < 3000; seed++) {
      const { means } = await fromRandomPoints(executor, full(1), variances, streamOf(seed), plainRules(1));
      seen[means[0]] += 1;
    }
    for (const [i, share] of [1 / 8, 2 / 8, 5 / 8].entries()) expect(seen[i] / 3000).toBeCloseTo(share, 1);
  });

  test.each(COVARIANCE_TYPES)("equal points start from the floor: %s", async (covarianceType) => {
    const executor = executorOf(new Array(5).fill([3, 4]));
    const summary = await summarize(executor);
    const shape = { components: 1, features: 2, covarianceType };
    const diagonal = async (rules: Parameters<typeof fromRandomPoints>[4]) => {
      const { packedCovariances } = await fromRandomPoints(executor, shape, summary.variances, streamOf(1), rules);
      return [...diagonalsOf(packedCovariances, shape)];
    };
    // of 3 and 4, constants
    expect(await diagonal(limitsFor({ regularization: 1e-6 }, summary))).toEqual(
      [16e-6, 16e-6].map((variance) => expect.closeTo(variance, 18)),
    );
    expect(await diagonal({ regularization: regularizationOf([0, 0], 0.5) })).toEqual([0.5, 0.5]);
  });
});

/** The start of points that belong to the nearest of some centres. */
function fromCentres(executor: Executor, centres: Float64Array, covarianceType: CovarianceType, rules: Rules) {
  return fromLabels(executor, nearestLabels(executor.tiles, centres), { centres, covarianceType }, rules);
}

describe("a start from centres", () => {
  test("a centre without points is a typed error, whatever the type", async () => {
    const executor = executorOf([[0], [1], [2]]);
    for (const type of COVARIANCE_TYPES) {
      const rules = { ...plainRules(1), regularization: regularizationOf([0.1], 0.1) };
      const start = fromCentres(executor, Float64Array.of(1, 100), type, rules);
      await expectRejection(start, "COLLAPSED_COMPONENT", /^Component 1 of 2 collapsed: .* weight of its points: 0\)/);
    }
  });

  /** Two flat clusters, nearly collinear, seen from a far pivot. */
  const flat = Array.from({ length: 80 }, (_, i) => {
    const random = randomStream("flat", "start", i);
    const [a, far] = [random.normal(), i % 2];
    return [a + 20 * far, 0.5 * a + 1e-6 * random.normal() - 7 * far];
  });

  test.each(COVARIANCE_TYPES)("is the M-step of the hard assignment, thin directions and all: %s", async (type) => {
    const pointWeights = flat.map((_, i) => 1 + (i % 3));
    const assignmentProbs = flat.map((_, i) => (i % 2 === 0 ? [1, 0] : [0, 1]));
    const centres = Float64Array.of(-3, 1, 18, -9);
    const { mixture } = await fromCentres(executorOf(flat, pointWeights), centres, type, plainRules(2));
    const expected = GaussianMixture.fromPointsAndAssignmentProbs(flat, {
      pointWeights,
      assignmentProbs,
      covarianceType: type,
    });
    const { factors, means, weights } = expected.parameters;
    mixture.factors.forEach((factor, i) => {
      expect(Math.abs(factor / factors[i] - 1)).toBeLessThan(1e-9);
    });
    mixture.means.forEach((mean, i) => {
      expect(Math.abs(mean - means[i])).toBeLessThan(1e-14);
    });
    expect(mixture.weights).toEqual(weights);
  });
});
