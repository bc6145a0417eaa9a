import { GaussianMixture } from "@emix/core";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { estimateTriangle } from "../../../../packages/core/src/covariance/estimate.ts";
import type { ScatterPart } from "../../../../packages/core/src/covariance/matrix.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";

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

/** Of a mass of 1, about its mean but for parts. */
function estimateOf(sums: Float64Array, frame: Float64Array | null = null, parts: readonly ScatterPart[] = []) {
  return estimateTriangle({ sums, mass: 1, parts, frame, least: of(2 ** -90, 2 ** -80) });
}

const part = (mass: number, ...shift: number[]): ScatterPart => ({
  mass,
  shift: Float64Array.from(shift),
  shiftRest: new Float64Array(shift.length),
});

describe("a covariance from its scatter", () => {
  test("as it is, with W = L⁻¹ and its variance inflation", () => {
    const { covariance, factor, inflation, singular } = estimateOf(of(4, 2, 17));
    expect([...covariance]).toEqual([4, 2, 17]);
    expect([...factor]).toEqual([0.5, -0.125, 0.25]);
    expect([inflation, singular]).toEqual([1.0625, false]);
  });

  test("out of a frame: W = R⁻¹F, Σ = L Lᵀ", () => {
    // M = [4 2; 2 17] = R Rᵀ in the frame F = [2 0; −2 ½]
    const { covariance, factor, inflation, singular } = estimateOf(of(4, 2, 17), of(2, -2, 0.5));
    expect([...factor]).toEqual([1, -0.75, 0.125]);
    expect([...covariance]).toEqual([1, 6, 100]);
    expect([inflation, singular]).toEqual([1.0625, false]);
  });

  test("about the new means: Σ = (S − Σ N δδᵀ)/ΣN, δ = shift + rest, in the frame of the scatter", () => {
    const parts = [part(1, 1, 2), { ...part(3, 2, -2), shiftRest: of(2 ** -30, 0) }];
    const scatter = { mass: 4, parts, least: of(2 ** -90, 2 ** -80) };
    // Σ N δδᵀ = [1 2; 2 4] + 3 · [4 −4; −4 4], and 3 · 2⁻³⁰ · [4 −2; −2 0]
    const moved = estimateTriangle({ ...scatter, sums: of(29, -2, 84), frame: null });
    expect([...moved.covariance]).toEqual([4 - 3 * 2 ** -30, 2 + 1.5 * 2 ** -30, 17]);
    // F = [2 0; 1 1]: φ = (2, 3) and (4 + 2⁻²⁹, 2⁻³⁰)
    const framed = estimateTriangle({ ...scatter, sums: of(4 + 48 + 16, 6, 9 + 4), frame: of(2, 1, 1) });
    const [a, b, c] = framed.factor;
    expect(a).toBeCloseTo(2 / Math.sqrt(4 - 12 * 2 ** -30), 12);
    expect(b).toBeCloseTo(1 + 1.5 * 2 ** -30, 12);
    expect(c).toBeCloseTo(1, 12);
  });

  test("a variance of 0 is taken for the least there is, and told", () => {
    const { covariance, factor, inflation, singular } = estimateOf(of(0, 0, 4));
    expect([...covariance]).toEqual([2 ** -90, 0, 4]);
    expect([...factor]).toEqual([2 ** 45, 0, 0.5]);
    expect([inflation, singular]).toEqual([1, true]);
  });

  test("in a frame, for 2⁻¹⁰⁴ of the frame's own unit", () => {
    const { covariance, factor, singular } = estimateOf(of(4, 0, 0), of(2, 0, 8));
    expect([...factor]).toEqual([1, 0, 8 * 2 ** 52]);
    expect([...covariance]).toEqual([1, 0, 2 ** -110]);
    expect(singular).toBe(true);
  });

  test.each([
    ["by what it was computed from", of(2, 2, 2), [part(1, 1, 1)], 2],
    ["by its own variances", of(1, 1, 1), [], 1],
  ])("without a factor its diagonal is raised by 32 d 2⁻⁵², %s", (_, sums, parts, scale) => {
    const { covariance, factor, inflation, singular } = estimateOf(sums, null, parts);
    expect([...covariance]).toEqual([1, 1, 1]);
    const nudge = 32 * 2 * 2 ** -52 * scale;
    // chol of [1 + ν, 1; 1, 1 + ν]: the last pivot is 2ν to first order
    expect(factor[2] ** -2 / (2 * nudge)).toBeCloseTo(1, 1);
    expect([inflation, singular]).toEqual([Number.POSITIVE_INFINITY, true]);
  });

  test("a variance below 0 counts as 0 there; what is still indefinite is raised more", () => {
    // [1 0; 0 4] − [0 0; 0 5] = [1 0; 0 −1]
    const { factor, singular } = estimateOf(of(1, 0, 4), null, [part(0.5, 0, 1), part(0.5, 0, 3)]);
    expect(factor[0]).toBeCloseTo(1, 12);
    expect(factor[2] ** -2 / (4 * 64 * 2 ** -52)).toBeCloseTo(1, 12);
    expect(singular).toBe(true);
    const far = estimateOf(of(1, 3, 1));
    // ν = 2⁻⁴⁷ (1 + 256ⁿ): the first with 1 + ν > 3
    expect(far.factor[0] ** -2).toBeCloseTo(3 + 2 ** -47, 15);
    expect(far.singular).toBe(true);
  });

  test("what is not finite has no factor", () => {
    const { factor, inflation, singular } = estimateOf(of(1, Number.NaN, 1));
    expect([...factor]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect([inflation, singular]).toEqual([1, true]);
  });
});
