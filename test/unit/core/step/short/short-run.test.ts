import { type Executor, type FlatPoints, GaussianMixture, KernelCache } from "@emix/core";
import { describe, expect, test } from "vitest";
import { settle } from "../../../../../packages/core/src/fit/exchange/settle.ts";
import { fromLabels } from "../../../../../packages/core/src/fit/initialization/start.ts";
import type { Mixture } from "../../../../../packages/core/src/mixture/mixture.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";
import { plainRules, type Rules } from "../../../../../packages/core/src/step/rules.ts";
import { law } from "../../../../support/laws.ts";
import { regularizationOf } from "../../../../support/regularization.ts";
import { scenes } from "../../../../support/scenes.ts";
import { executorsBy } from "../../../../support/steps.ts";

const executorOf = executorsBy("simd");

/** An executor that has kernels of its own, and counts the passes that it runs all the same. */
function withKernels(executor: Executor): { executor: Executor; passes: () => number } {
  let passes = 0;
  const run: Executor["run"] = (pass, consume) => {
    passes++;
    return executor.run(pass, consume);
  };
  return { executor: { ...executor, run, kernels: new KernelCache() }, passes: () => passes };
}

/** Settles with passes and with short steps, and expects the same bits. out: how many passes short steps left */
async function passesLeft(executor: Executor, start: Mixture, rules: Rules & { goOn?: () => boolean }, steps: number) {
  const counted = withKernels(executor);
  const outcome = (by: Executor) => settle(by, start, rules, steps).catch((error: Error) => error.message);
  expect(await outcome(counted.executor)).toEqual(await outcome(executor));
  return counted.passes();
}

/** Two round groups, at (0, 0) and (6, 0). */
function twoGroups(count: number, change: (point: [number, number]) => number[] = (point) => point): FlatPoints {
  const random = randomStream(5, "short");
  const point = (i: number) => change([6 * (i % 2) + random.normal(), random.normal()]);
  return { data: Float64Array.from(Array.from({ length: count }, (_, i) => point(i)).flat()), features: 2 };
}

/** Two round components. */
function startAt(means = [0, 0, 6, 0], variance = 1, weights = [0.5, 0.5]): Mixture {
  const one = [variance, 0, 0, variance];
  const covariances = [...one, ...one];
  return GaussianMixture.fromParameters({ weights, means, covariances, covarianceType: "full" }).parameters;
}

const RULES = plainRules(2);
const ROUND = twoGroups(100);

describe("short steps", () => {
  law("are those of EM, whatever the points", scenes({ types: ["full"] }), 30, async ({ points, start, features }) => {
    const rules = { ...plainRules(features), tolerance: 1e-4 };
    await passesLeft(executorOf(points), start.parameters, rules, 20);
  });

  law("are those of EM for the other types", scenes({ components: 2, features: 2 }), 10, async (scene) => {
    const { points, start, features } = scene;
    await passesLeft(executorOf(points), start.parameters, plainRules(features), 4);
  });

  test("take no pass", async () => {
    expect(await passesLeft(executorOf(ROUND), startAt(), RULES, 12)).toBe(0);
    expect(await passesLeft(executorOf(ROUND), startAt(), { ...RULES, tolerance: 1e-3 }, 50)).toBe(0);
    expect(await passesLeft(executorOf(ROUND), startAt(), { ...RULES, goOn: () => false }, 12)).toBe(0);
    expect(await passesLeft(executorOf(ROUND), startAt(), { ...RULES, emptyComponent: "reseed" }, 12)).toBe(0);
  });

  test("are none where none are asked for", async () => {
    expect(await passesLeft(executorOf(ROUND), startAt(), RULES, 0)).toBe(0);
  });

  test.each<[string, FlatPoints, Mixture, Partial<Rules>]>([
    ["points near a line", twoGroups(100, ([x, y]) => [x, x + y / 1e3]), startAt([0, 0, 6, 6]), {}],
    ["components near a line", ROUND, nearALine(), {}],
    ["equal points in one feature", twoGroups(100, ([x]) => [x, 7]), startAt([0, 7, 6, 7]), {}],
    ["a floor that may raise", ROUND, startAt(), { regularization: regularizationOf([0.8, 0.8]) }],
    ["a ridge", ROUND, startAt(), { regularization: regularizationOf([0, 0], 1e-3) }],
    ["a coarse resolution", ROUND, startAt(), { resolution: { steps: Float64Array.of(2, 2), epsilon: 2 ** -52 } }],
    ["means that are far off", ROUND, startAt([-40, 0, 50, 0], 400), {}],
    ["covariances that shrink much", ROUND, startAt([0, 0, 6, 0], 1e7), {}],
    ["a component without points", ROUND, startAt([0, 0, 1e4, 0]), {}],
    ["a component that loses its points", ROUND, startAt([0, 0, 60, 0]), {}],
    ["a component without weight", ROUND, startAt([0, 0, 6, 0], 1, [1, 0]), {}],
    ["points in more than one block", twoGroups(5000), startAt(), {}],
    ["sums that overflow", ROUND, startAt([1e160, 0, 1e160, 0]), {}],
  ])("leave to EM what is doubtful: %s", async (_, points, start, rules) => {
    expect(await passesLeft(executorOf(points), start, { ...RULES, ...rules }, 6)).toBeGreaterThan(0);
  });

  test("let others have the thread now and then", async () => {
    let pauses = 0;
    const executor = { ...withKernels(executorOf(twoGroups(2000))).executor, pause: async () => void pauses++ };
    await settle(executor, startAt(), RULES, 500);
    expect(pauses).toBeGreaterThan(5);
  });
});

/** Components whose covariances need frames. */
function nearALine(): Mixture {
  const one = [1, 0.999, 0.999, 1];
  const given = { weights: [0.5, 0.5], means: [0, 0, 6, 0], covariances: [...one, ...one] };
  return GaussianMixture.fromParameters({ ...given, covarianceType: "full" }).parameters;
}

describe("the mixture of labelled points", () => {
  const made = async (points: FlatPoints, labelOf: (i: number) => number) => {
    const executor = executorOf(points);
    const counted = withKernels(executor);
    const labels = Int32Array.from({ length: Math.ceil(executor.tiles.count / 64) * 64 }, (_, i) => labelOf(i));
    const start = { centres: Float64Array.of(0, 0, 6, 0), covarianceType: "full" } as const;
    const outcome = (by: Executor) => fromLabels(by, labels, start, RULES).catch((error: Error) => error.message);
    expect(await outcome(counted.executor)).toEqual(await outcome(executor));
    return counted.passes();
  };

  test("takes no pass", async () => {
    expect(await made(ROUND, (i) => i % 2)).toBe(0);
  });

  test("is left to a pass where it is doubtful", async () => {
    expect(await made(ROUND, () => 0)).toBeGreaterThan(0);
    expect(
      await made(
        twoGroups(100, ([x, y]) => [x, y + 1e3]),
        (i) => i % 2,
      ),
    ).toBeGreaterThan(0);
  });
});
