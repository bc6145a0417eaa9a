import { EmixError, GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { law } from "../support/laws.ts";
import { COVARIANCE_TYPES, type Scene, scenes } from "../support/scenes.ts";
import { executorOf, executorsBy, KERNELS, steps } from "../support/steps.ts";

/** The points and the start, every feature times a power of two. */
function scaled({ points, start }: Scene, exponents: readonly number[]) {
  const d = points.features;
  const by = (i: number, times = 1) => 2 ** (times * exponents[i % exponents.length]);
  const { weights, covarianceType, components } = start;
  const { matrix } = covarianceRow(covarianceType);
  const covariances = start.covariances.map((value, i) => {
    if (matrix === "diagonal") return value * by(i % d) * by(i % d);
    if (matrix === "scalar") return value * by(0) * by(0);
    return value * by(Math.floor(i / d) % d) * by(i % d);
  });
  const means = start.means.map((mean, i) => mean * by(i % d));
  expect(components).toBe(weights.length);
  return {
    points: { data: points.data.map((x, i) => x * by(i % d)), features: d },
    start: GaussianMixture.fromParameters({ weights, means, covariances, covarianceType }),
  };
}

const SHIFTS = [
  [40, 40, 40, 40],
  [-200, 7, 90, 1],
  [-498, -498, -498, -498],
  [500, 500, 500, 500],
];

const KINDS = KERNELS.flatMap((kernel) => COVARIANCE_TYPES.map((type) => [kernel, type] as const));

describe.each(KINDS)("units, %s kernel, %s covariances", (kernel, type) => {
  const by = executorsBy(kernel);
  for (const exponents of SHIFTS) {
    const one = covarianceRow(type).matrix === "scalar";
    const own = one ? [exponents[1], exponents[1], exponents[1], exponents[1]] : exponents;
    law(
      `scaling features by 2^(${own}) changes no bit of a responsibility`,
      scenes({ types: [type] }),
      60,
      async (scene) => {
        const d = scene.points.features;
        const other = scaled(scene, own);
        const a = await steps(by(scene.points), scene.start, 4);
        const b = await steps(by(other.points), other.start, 4);
        expect(b.mixture.weights).toEqual(a.mixture.weights);
        expect(b.mixture.means).toEqual(a.mixture.means.map((mean, i) => mean * 2 ** own[i % d]));
        expect(b.mixture.meansResidual).toEqual(a.mixture.meansResidual.map((mean, i) => mean * 2 ** own[i % d]));
        const volume = Math.LN2 * own.slice(0, d).reduce((sum, exponent) => sum + exponent, 0);
        expect(Math.abs(b.lowerBound - (a.lowerBound - volume)) / Math.abs(volume)).toBeLessThan(1e-15);
        const [first, second] = [new GaussianMixture(a.mixture), new GaussianMixture(b.mixture)];
        expect(second.predictProba(other.points)).toEqual(first.predictProba(scene.points));
        expect(second.predict(other.points)).toEqual(first.predict(scene.points));
      },
    );
  }
});

describe("what a double cannot hold", () => {
  const points = (scale: number, other = scale) => ({
    data: Float64Array.from([1, 2, 1.5, 3, 2.5, 1, 0.5, 2, 7, 9, 8, 7.5], (x, i) => x * (i % 2 ? other : scale)),
    features: 2,
  });
  const run = async (scale: number, other: number, covarianceType: "full" | "diag" | "spherical") => {
    const given = points(scale, other);
    const spread = (x: number) => (covarianceType === "spherical" ? Math.max(scale, other) : x);
    const variance = (x: number) => Math.max(Math.min(spread(x) ** 2, 1e300), 1e-300);
    const covariances = {
      full: [variance(scale), 0, 0, variance(other)],
      diag: [variance(scale), variance(other)],
      spherical: [variance(scale)],
    }[covarianceType];
    const start = GaussianMixture.fromParameters({ weights: [1], means: [0, 0], covariances, covarianceType });
    return (await steps(executorOf(given), start, 1)).mixture;
  };

  test.each([
    [1e160, 1, "full", "OVERFLOW", 0],
    [1, 1e200, "diag", "OVERFLOW", 1],
    [1e300, 1e300, "spherical", "OVERFLOW", 0],
    // one variance for features that are stored in different units
    [1e150, 1e-150, "spherical", "OVERFLOW", 1],
    [1e-160, 1, "diag", "UNDERFLOW", 0],
    [1, 1e-200, "full", "UNDERFLOW", 1],
    [5e-324 * 1e3, 5e-324 * 1e3, "spherical", "UNDERFLOW", 0],
  ] as const)("variances at scales %d and %d, %s: %s of feature %d", async (scale, other, type, code, feature) => {
    const failure = await run(scale, other, type).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EmixError);
    expect(failure).toMatchObject({ code, details: { feature } });
  });

  test("a start too wide for points so small: OVERFLOW of the feature", async () => {
    for (const feature of [0, 1]) {
      const covariances = feature === 0 ? [1e160, 0, 0, 1] : [1, 0, 0, 1e160];
      const start = GaussianMixture.fromParameters({
        weights: [1],
        means: [0, 0],
        covariances,
        covarianceType: "full",
      });
      const failure = await steps(executorOf(points(1e-320)), start, 1).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "OVERFLOW", details: { feature } });
    }
  });

  test("features far apart in size are fitted side by side", async () => {
    const mixture = await run(1e-150, 1e150, "full");
    expect(mixture.packedCovariances.every(Number.isFinite)).toBe(true);
    const { packedCovariances: plain } = await run(1, 1, "full");
    expect(mixture.packedCovariances[0] / 1e-300 / plain[0]).toBeCloseTo(1, 12);
    expect(mixture.packedCovariances[2] / 1e300 / plain[2]).toBeCloseTo(1, 12);
  });
});
