import { covarianceForm } from "@emix/core";
import { describe, expect, test } from "vitest";
import { factorized } from "../../../../packages/core/src/mixture/mixture.ts";

const of = (...values: number[]) => Float64Array.from(values);

/** With its factor, as one covariance of two features. */
function covariance(...packedCovariances: number[]) {
  const nothing = new Float64Array(2);
  const shape = { components: 1, features: 2, covarianceType: "full" as const, weights: of(1) };
  return factorized({ ...shape, means: nothing, meansResidual: nothing, packedCovariances: of(...packedCovariances) });
}

// Both thin along (1, −1), by 2⁻²⁰; so is whatever is made of them and of vectors along (1, 1).
const thin = covariance(1, 1, 1 + 2 ** -20);
const wide = covariance(4, 4, 4 + 2 ** -20);

describe("covariances of points and prior, added up", () => {
  test("well-conditioned ones entry by entry", () => {
    const shares = { data: of(0.5), prior: of(2), outer: of(3), offsets: of(1, -2) };
    const { packedCovariances, factors } = covarianceForm("full").blend(
      covariance(2, 0, 2),
      covariance(1, 0, 3),
      shares,
    );
    // 0.5 · [2 0; 0 2] + 2 · [1 0; 0 3] + 3 · [1 −2; −2 4] = [6 −6; −6 19]
    expect([...packedCovariances]).toEqual([6, -6, 19]);
    expect(factors[0]).toBeCloseTo(6 ** -0.5, 15);
    expect(factors[2]).toBeCloseTo(13 ** -0.5, 15);
  });

  test.each([
    ["full", of(2), of(3, 3), 18],
    ["tied", of(2, 0.5), of(3, 3, -2, -2), 20],
    ["tied", of(0, 0.5), of(3, 3, -2, -2), 2],
  ] as const)("thin ones by their factors, %s, and outer products with them", (type, outer, offsets, along) => {
    const shares = { data: outer.map(() => 0.5), prior: outer.map(() => 0.25), outer, offsets };
    const { packedCovariances, factors } = covarianceForm(type).blend(thin, wide, shares);
    // 0.5 · 1 + 0.25 · 4 along (1, 1), and what the outer products add; 0.75 · 2⁻²⁰ across
    const most = 1.5 + along;
    const expected = [most, most, most + 0.75 * 2 ** -20];
    packedCovariances.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(4 * 2 ** -52 * most);
    });
    expect(factors[0] * Math.sqrt(most)).toBeCloseTo(1, 14);
    // The last pivot, 0.75 · 2⁻²⁰: entries added up would keep half of its digits.
    expect(factors[2] * Math.sqrt(0.75) * 2 ** -10).toBeCloseTo(1, 11);
  });

  test("of points without a share nothing is read", () => {
    const none = { packedCovariances: of(Number.NaN, Number.NaN, Number.NaN), factors: of(1, 1, Number.NaN) };
    const shares = { data: of(0), prior: of(2), outer: of(0), offsets: of(0, 0) };
    expect([...covarianceForm("full").blend(none, covariance(1, 0, 3), shares).packedCovariances]).toEqual([2, 0, 6]);
  });
});
