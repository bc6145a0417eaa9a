import {
  type Executor,
  evaluate,
  evaluateNow,
  expectedLogLikelihood,
  GaussianMixture,
  score,
  weightedMean,
} from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { weightTotal } from "../../../../packages/core/src/linear-algebra/weighted-mean.ts";
import { minus, ofDouble, plus, ratio, times } from "../../../support/exact.ts";
import { law } from "../../../support/laws.ts";
import { executorOf } from "../../../support/steps.ts";

const weights = fc.array(fc.tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -12, max: 12 })), {
  minLength: 1,
  maxLength: 60,
});

describe("means of many numbers", () => {
  law("Σ w v / Σ w, to the last bits of itself", weights, 100, (pairs) => {
    const given = pairs.map(([fraction, exponent]) => fraction * 10 ** exponent);
    const values = Float64Array.from(given, (_, i) => (i % 2 === 0 ? -1 : 1) * (i + 1 / 3));
    const sum = given.map((weight, i) => times(ofDouble(weight), ofDouble(values[i]))).reduce(plus);
    const total = given.map(ofDouble).reduce(plus);
    const product = times(ofDouble(weightedMean(values, given)), total);
    expect(ratio(minus(product, sum), sum)).toBeLessThan(4 * 2 ** -53);
  });

  test("what cancels was there", () => {
    expect(weightedMean(Float64Array.of(2 ** 60, 3, -(2 ** 60)), null)).toBe(1);
    expect(weightedMean(Float64Array.of(1 + 2 ** -30, -1 - 2 ** -29), [1 + 2 ** -30, 1])).toBe(
      2 ** -60 / (2 + 2 ** -30),
    );
  });

  test("weights near the end of the doubles, and of 0", () => {
    expect(weightedMean(Float64Array.of(1, 3, Number.NEGATIVE_INFINITY), [2 ** 1022, 2 ** 1022, 0])).toBe(2);
  });

  test("the total of weights that are far apart", () => {
    expect(weightTotal(3, [2 ** 53, 1, 1])).toBe(2 ** 53 + 2);
    expect(weightTotal(3, null)).toBe(3);
  });
});

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

const of = (...values: number[]) => Float64Array.from(values);

describe("a weighted mean", () => {
  test("by hand", () => {
    expect(weightedMean(of(1, 2, 6), null)).toBe(3);
    expect(weightedMean(of(1, 2, 6), [1, 1, 2])).toBe(3.75);
  });

  test("keeps what plain sums lose", () => {
    // Ten times 0.1 after 1e16: the plain sum stays at 1e16.
    const values = [1e16, ...new Array(8).fill(1), -1e16, ...new Array(6).fill(0)];
    expect(weightedMean(Float64Array.from(values), null)).toBe(0.5);
    expect(
      weightedMean(
        Float64Array.from(values),
        values.map(() => 0.25),
      ),
    ).toBe(0.5);
  });

  test("what weighs nothing is not looked at", () => {
    expect(weightedMean(of(Number.NaN, 3, Number.NEGATIVE_INFINITY), [0, 2, 0])).toBe(3);
  });

  test("of weights near the ends of the doubles", () => {
    for (const size of [2 ** 800, 2 ** -800]) {
      expect(weightedMean(of(2 ** 300, 3 * 2 ** 300), [size, size])).toBe(2 ** 301);
      expect(weightedMean(of(2 ** -300, 3 * 2 ** -300), [size, size])).toBe(2 ** -299);
    }
  });
});

describe("the expected log-likelihood", () => {
  test("by hand: Σ w Σ γ L / Σ w", () => {
    expect(expectedLogLikelihood(of(-1, -2, -3, -4), [0.5, 0.5, 1, 0], 2, null)).toBe(-2.25);
    expect(expectedLogLikelihood(of(-1, -2, -3, -4), [0.5, 0.5, 1, 0], 2, [3, 1])).toBe(-1.875);
    expect(expectedLogLikelihood(of(-1, -2, -3), [1, 0.5, 1], 1, null)).toBe(-5 / 3);
  });

  test("where nothing is expected, −∞ is no matter", () => {
    expect(expectedLogLikelihood(of(-1, Number.NEGATIVE_INFINITY), [1, 0], 2, null)).toBe(-1);
  });
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
    const executor = executorOf([[1], [20], [300]]);
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
