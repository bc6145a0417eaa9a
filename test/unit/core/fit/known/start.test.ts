import { type FitOptions, fit, GaussianMixture, type PlainFitResult, resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { tilePoints } from "../../../../../packages/core/src/points/tiling.ts";
import { expectRejection } from "../../../../support/failures.ts";
import { inThreadExecutor } from "../../../../support/in-thread-executor.ts";

const truth = GaussianMixture.fromParameters({
  weights: [0.2, 0.3, 0.5],
  means: [
    [0, 0],
    [6, 0],
    [3, 2],
  ],
  covariances: [1, 1, 1],
  covarianceType: "spherical",
});
const { points: data, labels } = truth.sample(600, { seed: 2 });
const points = { data, features: 2 };

async function fitted(options: FitOptions, pointWeights?: number[]): Promise<PlainFitResult> {
  const steps = fit(inThreadExecutor(tilePoints(points, pointWeights)), resolveFitOptions(options));
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

const sparse = (of: readonly number[]) =>
  Array.from(labels, (label, i) => (i % 20 === 0 && of.includes(label) ? label : -1));

describe("a start from known components", () => {
  test("numbers components as they are known", async () => {
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
    ]) {
      const known = sparse([0, 1, 2]).map((label) => (label < 0 ? -1 : order[label]));
      const { mixture } = await fitted({ components: 3, knownComponents: known });
      order.forEach((component, label) => {
        expect(Math.abs(mixture.means[2 * component] - truth.means[2 * label])).toBeLessThan(0.6);
        expect(Math.abs(mixture.means[2 * component + 1] - truth.means[2 * label + 1])).toBeLessThan(0.6);
      });
    }
  });

  test("draws a centre where no point is known, the same one for the same seed", async () => {
    const options = { components: 3, knownComponents: sparse([0, 1]), seed: 4 };
    const { mixture } = await fitted(options);
    expect(Math.abs(mixture.means[0] - 0)).toBeLessThan(0.6);
    expect(Math.abs(mixture.means[2] - 6)).toBeLessThan(0.6);
    expect(Math.abs(mixture.means[5] - 2)).toBeLessThan(0.8);
    expect((await fitted(options)).mixture).toEqual(mixture);
  });

  test("draws all centres where no component is known for sure", async () => {
    const pairs = Array.from(labels, (label, i) => (i % 20 === 0 && label < 2 ? [0, 1] : -1));
    const byEach = (seed: number) => fitted({ components: 3, knownComponents: pairs, seed, maxIterations: 1 });
    const [one, again, other] = [await byEach(1), await byEach(1), await byEach(2)];
    expect(again.mixture).toEqual(one.mixture);
    expect(other.mixture.means).not.toEqual(one.mixture.means);
    expect(one.mixture.weights.every((weight) => weight > 0.01)).toBe(true);
  });

  test("of all known components is their M-step, and the fit stays there", async () => {
    const { mixture, iterations } = await fitted({ components: 3, knownComponents: labels });
    const assignmentProbs = Array.from(labels, (label) => [0, 1, 2].map((c) => Number(c === label)));
    const expected = GaussianMixture.fromPointsAndAssignmentProbs(points, { assignmentProbs });
    mixture.means.forEach((mean, i) => void expect(mean).toBeCloseTo(expected.means[i], 10));
    expect(iterations).toBeLessThan(4);
  });

  test("leaves out points of weight 0", async () => {
    const known = labels.map((label, i) => (i % 20 === 0 ? label : i % 20 === 1 ? (label + 1) % 3 : -1));
    const weights = Array.from(labels, (_, i) => (i % 20 === 1 ? 0 : 1));
    const { mixture } = await fitted({ components: 3, knownComponents: known }, weights);
    expect(Math.abs(mixture.means[0])).toBeLessThan(0.6);
  });

  test("needs an entry for each row, and points that may belong to a component", async () => {
    await expectRejection(
      fitted({ components: 3, knownComponents: [0, 1] }),
      "INVALID_OPTION",
      "Expected `knownComponents` to be 600 entries, one for each row, got 2.",
    );
    const never = Array.from(labels, (label) => (label === 2 ? [0, 1] : label));
    await expectRejection(fitted({ components: 3, knownComponents: never }), "TOO_FEW_DISTINCT_POINTS");
  });
});
