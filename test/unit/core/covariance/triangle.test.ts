import { describe, expect, test } from "vitest";
import { triangle } from "../../../../packages/core/src/covariance/triangle.ts";
import { COUPLES } from "../../../support/covariances.ts";

const of = (...values: number[]) => Float64Array.from(values);
const [first, second] = COUPLES.triangle;

describe("a triangle", () => {
  test("has d(d + 1)/2 free numbers, and d² in public", () => {
    expect([triangle.length(3), triangle.publicLength(3), triangle.featuresPerVariance(3)]).toEqual([6, 9, 1]);
  });

  test.each([
    [first, [6, 23]],
    [second, [3, -3.5]],
  ])("turns standard normals into draws, and back, %#", (matrix, expected) => {
    const [drawn, back] = [new Float64Array(2), new Float64Array(2)];
    triangle.multiply(triangle.root(matrix, 2), of(3, 5), drawn);
    expect([...drawn]).toEqual(expected);
    triangle.multiply(matrix.factor, drawn, back);
    expect([...back]).toEqual([3, 5]);
  });

  test("moves by the most of its features, in variances", () => {
    expect(triangle.move(of(4, 1), of(4, 17))).toBe(1);
    expect(triangle.move(of(0, 9), of(1, 4.25))).toBe(9 / 4.25);
    expect(triangle.move(of(0, 0), of(0, 1))).toBe(0);
    expect(triangle.move(of(1, 0), of(-1, -1))).toBe(Number.POSITIVE_INFINITY);
  });

  test("rounding in standard deviations: max_i Σ_j (W_ij h_j)², h = (2, 3)", () => {
    expect(triangle.greatestRow(first.factor, of(2, 3))).toBe(1);
    expect(triangle.greatestRow(second.factor, of(2, 3))).toBe(100);
  });

  test("the rank is the number of singular values of diag(1/h) L above 1", () => {
    // Of diag(1/2, 1/3) L: their product is det, their squares add up to those of the entries.
    const [product, squares] = [0.5 / 6, 1 / 4 + 4 / 9 + 0.25 / 9];
    const sum = Math.sqrt(squares + 2 * product);
    const difference = Math.sqrt(squares - 2 * product);
    const ranks = (...widths: number[]) => widths.map((width) => triangle.rank(second, of(2 * width, 3 * width)));
    const [wide, thin] = [(sum + difference) / 2, (sum - difference) / 2];
    expect(ranks(wide * 1.001, wide * 0.999, thin * 1.001, thin * 0.999)).toEqual([0, 1, 1, 2]);
  });

  test("a feature without spread, or without steps, is no direction", () => {
    const thin = { covariance: of(0, 0, 4), factor: of(2 ** 500, 0, 0.5) };
    expect([1, 1.99, 2.01].map((step) => triangle.rank(thin, of(1, step)))).toEqual([1, 1, 0]);
    const wide = { covariance: of(1, 0, 4), factor: of(1, 0, 0.5) };
    expect([1.99, 2.01].map((step) => triangle.rank(wide, of(0, step)))).toEqual([1, 0]);
    const none = { covariance: of(1, 0, 4), factor: of(Number.NaN, 0, 0.5) };
    expect(triangle.rank(none, of(1, 1))).toBe(0);
  });

  test("shrank by Σ_j Σ_jj Σ_i W_ij² while that is small, by ‖W_after L_before‖²/d beyond", () => {
    const shrinkage = (matrix: typeof first, by: number) =>
      triangle.shrinkage(matrix, { ...matrix, factor: matrix.factor.map((value) => by * value) }, 2);
    expect([1, 2, 8].map((by) => shrinkage(first, by))).toEqual([2.125, 8.5, 64]);
    expect([1, 2, 8].map((by) => shrinkage(second, by))).toEqual([34, 4, 64]);
  });

  test("tells where a public covariance is not symmetric, on the scale of its variances", () => {
    expect(triangle.asymmetry(of(4, 2, 2, 9), 2, 0)).toBe(null);
    expect(triangle.asymmetry(of(4, 2, 2.5, 9), 2, 0.08)).toEqual([0, 1]);
    expect(triangle.asymmetry(of(4, 2, 2.5, 9), 2, 0.09)).toBe(null);
    // row by row
    expect(triangle.asymmetry(of(1, 0, 0, 0, 1, 3, 0, 2, 1), 3, 1e-9)).toEqual([1, 2]);
  });

  test("agrees with its factor where L Lᵀ is it", () => {
    expect(triangle.agrees(first, 2, 0)).toBe(true);
    expect(triangle.agrees({ ...first, covariance: of(4, 2.5, 17) }, 2, 0.07)).toBe(true);
    expect(triangle.agrees({ ...first, covariance: of(4, 2.5, 17) }, 2, 0.06)).toBe(false);
    expect(triangle.agrees({ ...first, covariance: of(Number.NaN, 2, 17) }, 2, 0.5)).toBe(false);
  });
});
