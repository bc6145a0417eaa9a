import { describe, expect, test } from "vitest";
import { binomial, resampleWeights } from "../../../../../packages/core/src/fit/uncertainty/resample.ts";
import { randomStream } from "../../../../../packages/core/src/random.ts";

const DRAWS = 4000;

function drawn(weights: number[] | null, count: number, index: number): Float64Array {
  const out = new Float64Array(Math.ceil(count / 4) * 4).fill(7);
  const pointWeights = weights === null ? null : Float64Array.from({ length: out.length }, (_, i) => weights[i] ?? 0);
  resampleWeights({ count, tileSize: 4, pointWeights }, randomStream(1, "test", index), out);
  return out;
}

/** Mean and variance of the weight of each point, and the covariance of the first two, over many draws. */
function momentsOf(weights: number[] | null, count: number) {
  const all = Array.from({ length: DRAWS }, (_, index) => drawn(weights, count, index));
  const mean = (of: (one: Float64Array) => number) => all.reduce((sum, one) => sum + of(one), 0) / DRAWS;
  const means = Array.from({ length: count }, (_, i) => mean((one) => one[i]));
  const variances = means.map((m, i) => mean((one) => (one[i] - m) ** 2));
  return { means, variances, together: mean((one) => (one[0] - means[0]) * (one[1] - means[1])) };
}

describe("a resample", () => {
  test.each([
    ["points of weight 1", null, 10],
    ["points of weight 1, many to a draw", null, 200],
    ["points of weights", [3, 1, 0, 6, 2], 5],
    ["points of great weights", [3e6, 1e6, 0, 6e6], 4],
    ["points of one weight in total", [0.25, 0.75], 2],
  ])("has the mean and variance of multinomial counts: %s", (_, weights, count) => {
    const own = weights ?? Array.from({ length: count }, () => 1);
    const total = own.reduce((sum, weight) => sum + weight, 0);
    const { means, variances, together } = momentsOf(weights, count);
    own.slice(0, 10).forEach((weight, i) => {
      const variance = weight * (1 - weight / total);
      const spread = Math.sqrt(variance / DRAWS);
      expect(Math.abs(means[i] - weight)).toBeLessThanOrEqual(4.5 * spread);
      // A variance of DRAWS numbers is off by about √(2/DRAWS) of itself; more where counts are few.
      expect(Math.abs(variances[i] - variance)).toBeLessThanOrEqual(0.15 * variance);
    });
    const expected = (-own[0] * own[1]) / total;
    const scale = Math.sqrt(own[0] * own[1]);
    expect(Math.abs(together - expected)).toBeLessThan((4.5 * scale) / Math.sqrt(DRAWS));
  });

  test("keeps the total weight, weight 0, and the padding at 0", () => {
    for (let index = 0; index < 50; index++) {
      const out = drawn([0, 2, 0, 3.4, 0, 1], 6, index);
      expect(out.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(6.4, 12);
      expect([out[0], out[2], out[4], out[6], out[7]]).toEqual([0, 0, 0, 0, 0]);
    }
  });

  test("depends on its seed and number alone", () => {
    expect(drawn(null, 100, 3)).toEqual(drawn(null, 100, 3));
    expect(drawn(null, 100, 3)).not.toEqual(drawn(null, 100, 4));
  });
});

describe("a binomial number", () => {
  test.each([
    [20, 0.3],
    [1000, 0.5],
    [1000, 0.01],
    [1e9, 0.2],
    [100, 0],
    [100, 1],
  ])("of %d trials with probability %d has its mean and variance", (trials, probability) => {
    const random = randomStream(5, "binomial");
    const values = Array.from({ length: DRAWS }, () => binomial(trials, probability, random));
    const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS;
    const expected = trials * probability * (1 - probability);
    expect(Math.abs(mean - trials * probability)).toBeLessThanOrEqual(4.5 * Math.sqrt(expected / DRAWS));
    expect(Math.abs(variance - expected)).toBeLessThanOrEqual(0.12 * expected);
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= trials)).toBe(true);
  });
});
