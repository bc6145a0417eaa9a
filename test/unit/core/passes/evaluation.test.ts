import { type Executor, evaluate, GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { evaluateNow } from "../../../../packages/core/src/passes/answers/evaluate-now.ts";
import { score } from "../../../../packages/core/src/passes/score.ts";
import { tilePoints } from "../../../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { expectFailure, expectRejection } from "../../../support/failures.ts";
import { inThreadExecutor } from "../../../support/in-thread-executor.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";
import { executorOf } from "../../../support/steps.ts";

test("criteria of points whose weights are far apart", () => {
  const mixture = GaussianMixture.fromParameters({
    weights: [1],
    means: [0],
    covariances: [1],
    covarianceType: "spherical",
  });
  const points = [[0], ...Array.from({ length: 64 }, () => [1])];
  const pointWeights = points.map((_, i) => (i === 0 ? 2 ** 53 : 0.5));
  const logLikelihood = -0.5 * Math.log(2 * Math.PI) * (2 ** 53 + 32) - 16;
  const count = 2 ** 53 + 32;
  expect(mixture.bic(points, { pointWeights })).toBeCloseTo(-2 * logLikelihood + 2 * Math.log(count), -1);
  expect(mixture.icl(points, { pointWeights })).toBe(mixture.bic(points, { pointWeights }));
});

describe("evaluation by windows of 16 MiB", () => {
  const [count, components] = [20_000, 128];
  const points = { data: Float64Array.from({ length: count }, (_, i) => (i * 37) % 1001), features: 1 };
  const { parameters } = GaussianMixture.fromParameters({
    weights: new Array(components).fill(1 / components),
    means: Array.from({ length: components }, (_, c) => 8 * c),
    covariances: Array.from({ length: components }, (_, c) => 4 + c),
    covarianceType: "spherical",
  });
  const quantities = ["labels", "responsibilities", "logDensities", "logJoint"] as const;

  test("is the same for every point as alone, and borrows no more", async () => {
    const lent: number[] = [];
    const plain = executorOf(points);
    const executor: Executor = {
      ...plain,
      lend: (bytes, use) => {
        lent.push(bytes);
        return plain.lend(bytes, use);
      },
    };
    const whole = await evaluate(executor, parameters, quantities);
    expect(lent).toEqual([Math.floor(2 ** 24 / (64 * (4 + 8 + 16 * components))) * 64 * (4 + 8 + 16 * components)]);
    // 127 tiles a window: its last point, the first of the next, and the very last
    for (const [from, to] of [
      [0, 1],
      [127 * 64 - 1, 127 * 64 + 1],
      [count - 1, count],
    ]) {
      const part = { data: points.data.slice(from, to), features: 1 };
      const alone = await evaluate(executorOf(part), parameters, quantities);
      for (const quantity of quantities) {
        const each = whole[quantity].length / count;
        expect([...whole[quantity].subarray(from * each, to * each)]).toEqual([...alone[quantity]]);
      }
    }
  });

  test("few points borrow what they need", async () => {
    const lent: number[] = [];
    const plain = executorOf([[1], [2]]);
    const lend: Executor["lend"] = (bytes, use) => {
      lent.push(bytes);
      return plain.lend(bytes, use);
    };
    await evaluate({ ...plain, lend }, parameters, ["labels"]);
    await evaluate({ ...plain, lend }, parameters, ["logDensities"]);
    await evaluate({ ...plain, lend }, parameters, ["logJoint"]);
    expect(lent).toEqual([64 * 4, 64 * 8, 64 * 8 * components]);
  });

  test("on the calling thread it is the same", async () => {
    const executor = inThreadExecutor(tilePoints([[1], [20], [300]]), "auto");
    expect(evaluateNow(executor.tiles, parameters, quantities)).toEqual(
      await evaluate(executor, parameters, quantities),
    );
  });

  test("a component of weight 0 has a log joint density of −∞", async () => {
    const absent = { ...parameters, weights: parameters.weights.map((weight, c) => (c === 1 ? 0 : weight)) };
    const { logJoint } = await evaluate(executorOf([[1]]), absent, ["logJoint"]);
    expect(logJoint[1]).toBe(Number.NEGATIVE_INFINITY);
    expect(logJoint[0]).toBeCloseTo(-Math.log(components) - 0.5 * Math.log(2 * Math.PI * 4) - 1 / 8, 12);
  });

  test("the score is the weighted mean of log densities", async () => {
    const { logDensities } = await evaluate(executorOf([[1], [2]]), parameters, ["logDensities"]);
    expect(await score(executorOf([[1], [2]], [3, 1]), parameters)).toBe((3 * logDensities[0] + logDensities[1]) / 4);
  });
});

test.each(COVARIANCE_TYPES)(
  "points of another width are named, however they are stored: %s",
  async (covarianceType) => {
    const { parameters } = mixtureOf(covarianceType, 2, 3, randomStream(1, "width"));
    for (const scale of [1, 1e200]) {
      const executor = executorOf([[scale, 2 * scale]]);
      const message = "Expected points with 3 feature(s), got 2.";
      expectFailure(() => evaluateNow(executor.tiles, parameters, ["labels"]), "FEATURES_MISMATCH", message);
      await expectRejection(evaluate(executor, parameters, ["labels"]), "FEATURES_MISMATCH", message);
    }
  },
);
