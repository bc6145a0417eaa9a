import { type FlatPoints, GaussianMixture, type Mixture, startFrom } from "@emix/core";
import { describe, expect, test } from "vitest";
import { estimate } from "../../../../packages/core/src/components/estimate.ts";
import { statisticsLayout } from "../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { maximization } from "../../../../packages/core/src/step/maximization.ts";
import type { EmptyComponentPolicy } from "../../../../packages/core/src/step/policies.ts";
import { plainRules } from "../../../../packages/core/src/step/rules.ts";
import { regularizationOf } from "../../../support/regularization.ts";
import { statisticsOf } from "../../../support/statistics.ts";
import { executorOf } from "../../../support/steps.ts";

// The M-step of statistics made up for it: round components of variance 1 about (0, 0), of the masses given.

const line: FlatPoints = { data: Float64Array.of(-30, 0, 1, 0, 9, 0, 50, 0, 30, 0), features: 2 };

/** Component c lies at (10c, c), with residuals to be seen. */
function before(components: number): Mixture {
  const { parameters } = GaussianMixture.fromParameters({
    weights: new Array(components).fill(1 / components),
    means: Array.from({ length: components }, (_, c) => [10 * c, c]).flat(),
    covariances: Array.from({ length: components }, (_, c) => c + 2),
    covarianceType: "spherical",
  });
  return { ...parameters, meansResidual: parameters.means.map((_, i) => (i + 1) * 2 ** -60) };
}

async function afterStep(
  masses: number[],
  emptyComponent: EmptyComponentPolicy,
  { points = line, weights, reseeds = 0 }: { points?: FlatPoints; weights?: number[]; reseeds?: number } = {},
) {
  const k = masses.length;
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const slot = [-1, total, ...masses, ...new Float64Array(2 * k), ...masses.map((mass) => 2 * mass)];
  const expected = estimate(statisticsOf(statisticsLayout(k, 2, "spherical"), slot));
  const iteration = { ...startFrom(before(k)), reseeds };
  return maximization({ executor: executorOf(points, weights) }, expected, iteration, {
    ...plainRules(2),
    emptyComponent,
  });
}

describe("an empty component", () => {
  test("is dropped, wherever it stands among the others", async () => {
    for (const empty of [0, 1, 2]) {
      const { mixture, warnings } = await afterStep(
        [2, 3, 5].map((mass, c) => (c === empty ? 0 : mass)),
        "drop",
      );
      const left = [2, 3, 5].filter((_, c) => c !== empty);
      expect(mixture).toMatchObject({ components: 2, means: new Float64Array(4), meansResidual: new Float64Array(4) });
      expect([...mixture.weights]).toEqual(left.map((mass) => mass / (left[0] + left[1])));
      expect([...mixture.packedCovariances]).toEqual([1, 1]);
      expect(warnings).toEqual([{ code: "EMPTY_COMPONENT", component: empty, policy: "drop" }]);
    }
  });

  test("is one of less than 2⁻¹⁰⁰ of the mass; to keep its place it must have none", async () => {
    const components = async (mass: number, policy: EmptyComponentPolicy) =>
      (await afterStep([1, mass], policy)).mixture.components;
    expect(await components(2 ** -101, "drop")).toBe(1);
    expect(await components(2 ** -99, "drop")).toBe(2);
    expect((await afterStep([8, 2 ** -98], "drop")).mixture.components).toBe(1);
    const { mixture, warnings } = await afterStep([1, 2 ** -101], "keep");
    expect([mixture.weights[1], warnings]).toEqual([2 ** -101, []]);
  });

  test("begins anew at the point of least density, half an equal share heavy, as wide as the heaviest", async () => {
    const { mixture, warnings } = await afterStep([1, 0, 3], "reseed", { weights: [1, 1, 1, 0, 1] });
    expect([...mixture.means]).toEqual([0, 0, -30, 0, 0, 0]);
    expect([...mixture.meansResidual]).toEqual(new Array(6).fill(0));
    const left = 5 / 6;
    expect([...mixture.weights]).toEqual([left / 4, 1 / 6, (left * 3) / 4].map((weight) => expect.closeTo(weight, 15)));
    expect([...mixture.packedCovariances]).toEqual([1, 1, 1]);
    expect(warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 1, policy: "reseed" }]);
  });

  test("of several, each begins at another point, the first of equal ones first", async () => {
    const data = Float64Array.of(7, 7, 0, 1, 7, 7, 7, 0, 7, -1, 1, 1);
    const { mixture } = await afterStep([0, 1, 0, 0], "reseed", { points: { data, features: 2 } });
    // (7, 7) twice, then (7, −1), which shares a coordinate with it, then (7, 0)
    expect([...mixture.means]).toEqual([7, 7, 0, 0, 7, -1, 7, 0]);
    expect([...mixture.weights]).toEqual([0.125, 0.625, 0.125, 0.125]);
  });

  test("what it was is not written over", async () => {
    const masses = [1, 0];
    const kept = await afterStep(masses, "keep");
    expect([...kept.mixture.means]).toEqual([0, 0, 10, 1]);
    expect([...kept.mixture.meansResidual]).toEqual([0, 0, 3 * 2 ** -60, 4 * 2 ** -60]);
    expect([...kept.mixture.packedCovariances]).toEqual([1, 3]);
    expect(kept.warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 1 }]);
  });

  test("begins anew so often as twice the number of components; then it stays", async () => {
    const told = async (reseeds: number) => (await afterStep([1, 0], "reseed", { reseeds })).warnings;
    expect(await told(3)).toEqual([{ code: "EMPTY_COMPONENT", component: 1, policy: "reseed" }]);
    expect(await told(4)).toEqual([{ code: "EMPTY_COMPONENT", component: 1 }]);
    expect((await afterStep([1, 0], "drop", { reseeds: 4 })).mixture.components).toBe(1);
  });

  test("is named where that is the policy", async () => {
    await expect(afterStep([1, 0, 0], "error")).rejects.toMatchObject({
      code: "EMPTY_COMPONENT",
      details: { component: 1, components: 3 },
    });
  });

  test("tells its policy, other warnings have none", async () => {
    // The first has a variance of 0, and a floor.
    const expected = estimate(statisticsOf(statisticsLayout(2, 2, "spherical"), [-1, 3, 3, 0, 0, 0, 0, 0, 0, 0]));
    const rules = { ...plainRules(2), regularization: regularizationOf([0.5, 0.5]), emptyComponent: "drop" } as const;
    const { mixture, warnings } = await maximization(
      { executor: executorOf(line) },
      expected,
      startFrom(before(2)),
      rules,
    );
    expect(mixture.components).toBe(1);
    expect(warnings).toEqual([
      { code: "EMPTY_COMPONENT", component: 1, policy: "drop" },
      { code: "COLLAPSED_COMPONENT", component: 0, rank: 0 },
      { code: "SINGULAR_COVARIANCE", component: 0, rank: 0 },
    ]);
  });
});
