import type { CovarianceType } from "@emix/core";
import { describe, expect, test } from "vitest";
import { verdicts } from "../../../../../packages/core/src/components/resolution/collapse.ts";
import { factorizeCovariances } from "../../../../../packages/core/src/covariance/covariances.ts";
import { statisticsLayout } from "../../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { statisticsOf } from "../../../../support/statistics.ts";

// η = max_i √(Σ_j (W_ij h_j)² / 12), by hand (derivation.md eq. 30).

interface Given {
  readonly means: number[];
  readonly covariances: number[];
  readonly masses?: number[];
  readonly singular?: number[];
  /** default 1 each; ∞ where the scatter had no factor of its own */
  readonly inflations?: number[];
  /** steps of the features, as known; a quarter of them is h */
  readonly steps?: number[];
  readonly epsilon?: number;
}

function verdictsOf(covarianceType: CovarianceType, given: Given) {
  const { means, covariances, steps = [0, 0], epsilon = 2 ** -52 } = given;
  const features = steps.length;
  const components = means.length / features;
  const layout = statisticsLayout(components, features, covarianceType);
  const pivots = Float64Array.from(means);
  const packedCovariances = Float64Array.from(covariances);
  const factors = factorizeCovariances(packedCovariances, layout);
  const masses = Float64Array.from(given.masses ?? means.filter((_, i) => i % features === 0).map(() => 1));
  return verdicts(
    {
      statistics: statisticsOf(layout, new Float64Array(layout.length), pivots),
      masses,
      shifts: new Float64Array(means.length),
      means: pivots,
      meansResidual: new Float64Array(means.length),
      packedCovariances,
      factors: factors instanceof Float64Array ? factors : new Float64Array(packedCovariances.length).fill(2 ** 400),
      inflations: Float64Array.from(given.inflations ?? means.map(() => 1).slice(0, components)),
      singular: Uint8Array.from(given.singular ?? [0, 0]),
    },
    { steps: Float64Array.from(steps), epsilon },
  );
}

/** The step that makes this resolution of a standard deviation of 1. */
const stepFor = (resolution: number) => 4 * resolution * Math.sqrt(12);

describe("verdicts", () => {
  test("nothing is said of what is wider than the rounding of its numbers", () => {
    expect(verdictsOf("diag", { means: [0, 0], covariances: [1, 1] })).toEqual([]);
    expect(verdictsOf("diag", { means: [1e8, 0], covariances: [1e-14, 1] })).not.toEqual([]);
    expect(verdictsOf("diag", { means: [1e8, 0], covariances: [1e-12, 1] })).toEqual([]);
  });

  test.each([
    [0.99 / 32, stepFor(0.99 / 32), 0],
    // √12/8 rounded up: the number whose resolution comes out as 1/32 exactly
    [1 / 32, 0.43301270189221935, 1],
    [0.2, stepFor(0.2), 1],
    [1, stepFor(1), 1],
  ])("a resolution of %d is told from 1/32 on", (resolution, step, found) => {
    const steps = [step, 0];
    const told = verdictsOf("diag", { means: [0, 0], covariances: [1, 1], steps });
    expect(told.length).toBe(found);
    for (const verdict of told) expect(verdict.resolution).toBeCloseTo(resolution, 14);
  });

  test.each([
    [0.2, 2],
    [0.249999, 2],
    [0.25, 1],
    [0.250001, 1],
  ])("at a resolution of %d, %d directions are wider than the rounding", (resolution, rank) => {
    const steps = [0, stepFor(resolution)];
    expect(
      verdictsOf("diag", { means: [0, 0], covariances: [1, 1], steps: steps.map((h) => h || 1e-9) }),
    ).toMatchObject([{ component: 0, rank }]);
  });

  test("rows of the factor count as a whole", () => {
    // W = [1 0; −4/3 5/3], h = (3/5, 3/5)/4·…: Σ_j (W_2j h_j)² = h² (16 + 25)/9
    const h = 0.3;
    const [verdict] = verdictsOf("full", { means: [0, 0], covariances: [1, 0.8, 1], steps: [4 * h, 4 * h] });
    expect(verdict.resolution).toBeCloseTo(h * Math.sqrt((16 + 25) / 9 / 12), 14);
    expect(verdict.rank).toBe(2);
  });

  test.each([
    [1, 0.25, 1],
    [-1, 0.25, 1],
    [1, 0.5, 2],
    [0, 0.5, 1],
    [0.75, 0.125, 1],
    [0.75, 0.0625, 0.5],
  ])("numbers up to |%d| + 2 · %d are spaced as those from %d on", (mean, deviation, binade) => {
    const [epsilon, variance] = [0.5, deviation ** 2];
    const [verdict] = verdictsOf("diag", { means: [mean], covariances: [variance], steps: [0], epsilon });
    expect(verdict.resolution).toBeCloseTo((epsilon * binade) / deviation / Math.sqrt(12), 14);
  });

  test("a quarter of a known step, or the spacing of numbers, whichever is more", () => {
    const resolution = (step: number) =>
      verdictsOf("diag", { means: [1], covariances: [0.0625], steps: [step], epsilon: 0.5 })[0].resolution;
    expect(resolution(8)).toBe(4 * resolution(0));
    expect(resolution(1)).toBe(resolution(0));
  });

  test("a feature that is 0 throughout has no spacing", () => {
    const told = verdictsOf("diag", { means: [0, 0], covariances: [0, 1], singular: [1] });
    expect(told).toEqual([{ component: 0, resolution: Number.POSITIVE_INFINITY, rank: 1 }]);
  });

  test("what is singular has no more than d − 1 directions, whatever its factor says", () => {
    expect(verdictsOf("diag", { means: [0, 0], covariances: [1, 1], singular: [1] })).toEqual([
      { component: 0, resolution: Number.POSITIVE_INFINITY, rank: 1 },
    ]);
    expect(verdictsOf("full", { means: [0, 0], covariances: [1, 0, 1], singular: [1] })).toEqual([
      { component: 0, resolution: Number.POSITIVE_INFINITY, rank: 1 },
    ]);
  });

  test("what was added to a singular covariance, so that it has a factor, is no direction", () => {
    // Three features that are one and the same, on very different scales, and a fourth; raised by some 16dε.
    const raised = (variance: number) => variance * (1 + 2 ** -45);
    const covariances = [raised(1), 1e6, raised(1e12), 1e-3, 1e3, raised(1e-6), 0, 0, 0, 1e-8];
    const given = { means: [0, 0, 0, 0], covariances, steps: [0, 0, 0, 0], singular: [1] };
    const infinite = Number.POSITIVE_INFINITY;
    expect(verdictsOf("full", { ...given, inflations: [infinite] })).toEqual([
      { component: 0, resolution: infinite, rank: 2 },
    ]);
    // A feature of its own that is thin beside its mean counts, be others as wide as they may.
    const far = { ...given, means: [0, 0, 0, 1e6], inflations: [infinite] };
    expect(verdictsOf("full", far)).toMatchObject([{ rank: 2 }]);
  });

  test("a component without mass is not judged", () => {
    const given = { means: [0, 0, 0, 0], covariances: [1, 1, 1, 1], steps: [8, 8] };
    expect(verdictsOf("diag", given).map(({ component }) => component)).toEqual([0, 1]);
    expect(verdictsOf("diag", { ...given, masses: [0, 1] }).map(({ component }) => component)).toEqual([1]);
  });

  test("tied: only if no component's data can tell it from 0; then by the best of them, as component 0", () => {
    const covariances = [1e-12, 0, 1];
    const near = [1e6, 0];
    const far = [1e9, 0];
    const farther = [1e10, 0];
    expect(verdictsOf("tied", { means: [...near, ...farther], covariances })).toEqual([]);
    const [alone] = verdictsOf("tied", { means: far, covariances, singular: [0] });
    expect(alone.component).toBe(0);
    expect(verdictsOf("tied", { means: [...farther, ...far], covariances })).toEqual([alone]);
    expect(verdictsOf("tied", { means: [...far, ...farther], covariances })).toEqual([alone]);
    expect(verdictsOf("tied", { means: [...far, ...near], covariances, masses: [1, 0] })).toEqual([alone]);
  });
});
