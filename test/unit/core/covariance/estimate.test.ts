import { GaussianMixture, randomStream } from "@emix/core";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import {
  estimateMatrix,
  greatestRow,
  inflationOf,
  LEAST_VARIANCE,
  shrinkageOf,
  widths,
} from "../../../../packages/core/src/covariance/estimate.ts";

test.each([1, 2, 16, 17])("the factor of an estimate is that of its covariance, %i features", (features) => {
  const random = randomStream(features, "estimate");
  const points = Array.from({ length: 60 }, () => Array.from({ length: features }, () => random.normal()));
  const { covariances, precisionsCholesky } = GaussianMixture.fromPointsAndAssignmentProbs(points, {
    assignmentProbs: points.map(() => [1]),
  });
  const covariance = Matrix.from1DArray(features, features, covariances);
  const upper = Matrix.from1DArray(features, features, precisionsCholesky);
  const rest = upper.transpose().mmul(covariance).mmul(upper).sub(Matrix.eye(features));
  expect(rest.norm()).toBeLessThan(1e-13);
});

const of = (...values: number[]) => Float64Array.from(values);
const unit = of(1, 1);
const least = of(2 ** -90, 2 ** -80);

describe("a covariance from its scatter", () => {
  test("as it is, with W = L⁻¹ and its variance inflation", () => {
    const { covariance, factor, inflation, singular } = estimateMatrix(of(4, 2, 17), null, unit, least);
    expect([...covariance]).toEqual([4, 2, 17]);
    expect([...factor]).toEqual([0.5, -0.125, 0.25]);
    expect([inflation, singular]).toEqual([1.0625, false]);
  });

  test("out of a frame: W = R⁻¹F, Σ = L Lᵀ", () => {
    // M = [4 2; 2 17] = R Rᵀ in the frame F = [2 0; −2 ½]
    const { covariance, factor, inflation, singular } = estimateMatrix(of(4, 2, 17), of(2, -2, 0.5), unit, least);
    expect([...factor]).toEqual([1, -0.75, 0.125]);
    expect([...covariance]).toEqual([1, 6, 100]);
    expect([inflation, singular]).toEqual([1.0625, false]);
  });

  test("a variance of 0 is taken for the least there is, and told", () => {
    const { covariance, factor, inflation, singular } = estimateMatrix(of(0, 0, 4), null, of(0, 4), least);
    expect([...covariance]).toEqual([2 ** -90, 0, 4]);
    expect([...factor]).toEqual([2 ** 45, 0, 0.5]);
    expect([inflation, singular]).toEqual([1, true]);
  });

  test("in a frame, for 2⁻¹⁰⁴ of the frame's own unit", () => {
    const { covariance, factor, singular } = estimateMatrix(of(4, 0, 0), of(2, 0, 8), of(4, 0), least);
    expect([...factor]).toEqual([1, 0, 8 * 2 ** 52]);
    expect([...covariance]).toEqual([1, 0, 2 ** -110]);
    expect(singular).toBe(true);
  });

  test.each([
    ["by what it was computed from", [2, 2], 2],
    ["at least by its own variances", [0, 0], 1],
  ])("without a factor its diagonal is raised by 32 d 2⁻⁵², %s", (_, scales, scale) => {
    const { covariance, factor, inflation, singular } = estimateMatrix(
      of(1, 1, 1),
      null,
      Float64Array.from(scales),
      least,
    );
    expect([...covariance]).toEqual([1, 1, 1]);
    const nudge = 32 * 2 * 2 ** -52 * scale;
    // chol of [1 + ν, 1; 1, 1 + ν]: the last pivot is 2ν to first order
    expect(factor[2] ** -2 / (2 * nudge)).toBeCloseTo(1, 1);
    expect([inflation, singular]).toEqual([Number.POSITIVE_INFINITY, true]);
  });

  test("a variance below 0 counts as 0 there; what is still indefinite is raised more", () => {
    const { factor, singular } = estimateMatrix(of(1, 0, -1), null, of(1, 4), least);
    expect(factor[0]).toBeCloseTo(1, 12);
    expect(factor[2] ** -2 / (4 * 64 * 2 ** -52)).toBeCloseTo(1, 12);
    expect(singular).toBe(true);
    const far = estimateMatrix(of(1, 3, 1), null, unit, least);
    // ν = 2⁻⁴⁷ (1 + 256ⁿ): the first with 1 + ν > 3
    expect(far.factor[0] ** -2).toBeCloseTo(3 + 2 ** -47, 15);
    expect(far.singular).toBe(true);
  });

  test("what is not finite has no factor", () => {
    const { factor, inflation, singular } = estimateMatrix(of(1, Number.NaN, 1), null, unit, least);
    expect([...factor]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect([inflation, singular]).toEqual([1, true]);
  });
});

describe("numbers of one matrix among several", () => {
  const packedCovariances = of(9, 9, 9, 1, -2, 4.25);
  const factors = of(7, 7, 7, 1, 4, 2);

  test("variance inflation", () => {
    expect(inflationOf(packedCovariances, factors, 2, 3)).toBe(17);
    expect(inflationOf(packedCovariances.subarray(3), factors.subarray(3), 2)).toBe(17);
    expect(inflationOf(of(1, 0, 100), of(3, 0, 0.5), 2)).toBe(25);
    expect(inflationOf(of(100, 0, 1), of(0.5, 0, 3), 2)).toBe(25);
  });

  test("how far it shrank: the bound of sums while below 64, else ‖W_new L_old‖²/d", () => {
    const before = { packedCovariances, factors, offset: 3 };
    const after = (by: number) => ({ packedCovariances, factors: factors.map((value) => by * value), offset: 3 });
    expect(shrinkageOf(before, after(1), 2)).toBe(34);
    expect(shrinkageOf(before, after(1.25), 2)).toBe(34 * 1.5625);
    // 34 · 2² is beyond 64, and ‖2I‖²/2 is 4
    expect(shrinkageOf(before, after(2), 2)).toBe(4);
    const round = { packedCovariances: of(32, 0, 32), factors: of(32 ** -0.5, 0, 32 ** -0.5), offset: 0 };
    // a bound of exactly 64 is not enough: 64/2
    expect(shrinkageOf(round, { ...round, factors: of(1, 0, 1) }, 2)).toBeCloseTo(32, 12);
  });

  test("the greatest row, whichever it is", () => {
    expect(greatestRow(of(1, 4, 2), of(2, 3))).toBe(100);
    expect(greatestRow(of(10, 4, 2), of(2, 3))).toBe(400);
  });

  test("a spread below the least variance is none", () => {
    const [thin, thinnest] = [4 * LEAST_VARIANCE, LEAST_VARIANCE];
    const wide = (variance: number) => widths(of(variance), of(variance ** -0.5), of(2 ** -500));
    expect([...wide(thin)]).toEqual([2]);
    expect([...wide(thinnest)]).toEqual([0]);
  });

  test("widths that no double holds count as none", () => {
    expect([...widths(of(1e300, 0, 1), of(1e-150, 0, 1), of(1e-200, 1))]).toEqual([0, 0]);
  });
});
