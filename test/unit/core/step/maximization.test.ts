import { type CovarianceType, GaussianMixture, type Mixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { type Estimate, estimate } from "../../../../packages/core/src/components/estimate.ts";
import { covarianceRow } from "../../../../packages/core/src/covariance/types.ts";
import { statisticsLayout } from "../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { maximum } from "../../../../packages/core/src/step/maximization.ts";
import { expectFailure } from "../../../support/failures.ts";
import { limitsOf } from "../../../support/regularization.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";
import { statisticsOf } from "../../../support/statistics.ts";

const isShared = (type: CovarianceType) => covarianceRow(type).shared;

/** d = 1: by masses, sums and scatters of each component about a pivot of 10. */
function estimateOf(type: CovarianceType, masses: number[], sums: number[], scatters: number[]): Estimate {
  const scatter = isShared(type) ? [scatters.reduce((a, b) => a + b)] : scatters;
  const total = masses.reduce((a, b) => a + b, 0);
  const layout = statisticsLayout(masses.length, 1, type);
  const pivots = masses.map(() => 10);
  return estimate(statisticsOf(layout, [-1, total, ...masses, ...sums, ...scatter], pivots));
}

const none = limitsOf([0]);

const previous = (covarianceType: CovarianceType) =>
  GaussianMixture.fromParameters({
    weights: [0.5, 0.5],
    means: [10, 10],
    covariances: isShared(covarianceType) ? [3] : [3, 7],
    covarianceType,
  }).parameters;

describe("the M-step", () => {
  test.each(COVARIANCE_TYPES)("weights, means and covariances by hand: %s", (type) => {
    const { mixture, warnings } = maximum(estimateOf(type, [4, 12], [8, -12], [24, 36]), none);
    expect([...mixture.weights]).toEqual([0.25, 0.75]);
    expect([...mixture.means]).toEqual([12, 9]);
    const each = [24 / 4 - 4, 36 / 12 - 1];
    expect([...mixture.packedCovariances]).toEqual(isShared(type) ? [(60 - 16 - 12) / 16] : each);
    expect(warnings).toEqual([]);
  });

  test("a mean is two doubles: pivot + δ without rounding", () => {
    const layout = statisticsLayout(1, 1, "full");
    const one = estimate(statisticsOf(layout, [0, 3, 3, 1, 9e4], [1e16]));
    const { means, meansResidual } = maximum(one, none).mixture;
    expect([means[0], meansResidual[0]]).toEqual([1e16, 1 / 3]);
  });

  test.each(COVARIANCE_TYPES)("an empty component keeps what it had, ridge or not: %s", (type) => {
    const start = previous(type);
    let current: Mixture = { ...start, meansResidual: Float64Array.of(0, 0.25) };
    const residual = current.meansResidual[1];
    for (let step = 0; step < 3; step++) {
      const given = estimateOf(type, [4, 0], [0, 0], [8, 0]);
      const { mixture, warnings } = maximum(given, limitsOf([0], 0.5), { previous: current });
      expect(warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 1 }]);
      expect([...mixture.weights]).toEqual([1, 0]);
      expect([mixture.means[1], mixture.meansResidual[1]]).toEqual([10, residual]);
      expect([...mixture.packedCovariances]).toEqual(isShared(type) ? [2.5] : [2.5, 7]);
      current = mixture;
    }
  });

  test("a mass that has underflowed is no mass", () => {
    const given = estimateOf("full", [4, 1e-310], [0, 5e-309], [8, 5e-308]);
    const { mixture, warnings } = maximum(given, none, { previous: previous("full") });
    expect(warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 1 }]);
    expect([mixture.weights[1], mixture.means[1], mixture.packedCovariances[1]]).toEqual([0, 10, 7]);
  });

  test.each(COVARIANCE_TYPES)("an empty component that never had anything is a typed error: %s", (type) => {
    const given = estimateOf(type, [4, 0], [0, 0], [8, 0]);
    for (const ridge of [0, 1]) {
      expectFailure(() => maximum(given, limitsOf([0], ridge)), "COLLAPSED_COMPONENT", /^Component 1 of 2/);
    }
  });

  test.each(COVARIANCE_TYPES)("a collapse names the component and its mass: %s", (type) => {
    const given = estimateOf(type, [4, 2], [8, 0], [16, 0]);
    const error = expectFailure(() => maximum(given, none), "COLLAPSED_COMPONENT");
    expect(error.details).toEqual({ component: 0, components: 2, mass: 4, features: 1, rank: 0 });
    const floored = maximum(given, limitsOf([0.5]));
    expect(floored.mixture.packedCovariances.every((value) => Math.abs(value - 0.5) < 1e-15)).toBe(true);
    const components = isShared(type) ? [0] : [0, 1];
    expect(floored.warnings).toEqual([
      ...components.map((component) => ({ code: "COLLAPSED_COMPONENT", component, rank: 0 })),
      ...components.map((component) => ({ code: "SINGULAR_COVARIANCE", component, rank: 0 })),
    ]);
  });

  test.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])("%s anywhere is an overflow", (bad) => {
    for (const place of [0, 1, 2]) {
      const values = [
        [4, 12],
        [8, -12],
        [24, 36],
      ];
      values[place][1] = bad;
      const [masses, sums, scatters] = values;
      expectFailure(() => maximum(estimateOf("full", masses, sums, scatters), none), "OVERFLOW", /scale the features/);
    }
  });

  test("what it is given is not written over", () => {
    for (const type of COVARIANCE_TYPES) {
      const given = estimateOf(type, [4, 2 ** -101], [8, 0], [24, 2 ** -101]);
      const [before, start] = [structuredClone(given), previous(type)];
      const { mixture } = maximum(given, limitsOf([3], 0.5), { previous: start, emptyMass: 2 ** -100 });
      expect(given).toEqual(before);
      expect([...mixture.weights]).toEqual([1, 0]);
      expect(start).toEqual(previous(type));
    }
  });

  test("a covariance near the resolution of the data is told, and kept", () => {
    // Numbers near 10 lie 2⁻⁴⁹ apart.
    const deviation = 2 ** -49 / Math.sqrt(12) / 0.1;
    const { mixture, warnings } = maximum(estimateOf("diag", [4], [0], [4 * deviation ** 2]), none);
    expect(warnings).toEqual([{ code: "NEAR_RESOLUTION", component: 0, resolution: expect.closeTo(0.1, 12) }]);
    expect(mixture.packedCovariances[0]).toBe(deviation ** 2);
  });

  test.each([0, 1])("what no ridge can hold up is a typed error that names component %d", (bad) => {
    const given = estimateOf("full", [4, 4], [0, 0], bad === 0 ? [-8, 8] : [8, -8]);
    const error = expectFailure(() => maximum(given, limitsOf([0], 0.5)), "COLLAPSED_COMPONENT");
    expect(error.details).toMatchObject({ component: bad, mass: 4, rank: 0 });
    expect(maximum(given, limitsOf([0], 3)).mixture.packedCovariances[bad]).toBe(1);
  });

  test("of an empty component below the floor nothing is told but that it is empty", () => {
    const start = {
      ...previous("diag"),
      packedCovariances: Float64Array.of(3, 0.01),
      factors: Float64Array.of(3 ** -0.5, 10),
    };
    const given = estimateOf("diag", [4, 0], [0, 0], [8, 0]);
    const { mixture, warnings } = maximum(given, limitsOf([0.5]), { previous: start });
    expect(warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 1 }]);
    expect([...mixture.packedCovariances]).toEqual([2, 0.01]);
  });
});
