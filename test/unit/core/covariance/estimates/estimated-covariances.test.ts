import type { CovarianceType } from "@emix/core";
import { expect, test } from "vitest";
import { estimateCovariances } from "../../../../../packages/core/src/covariance/estimates/estimated-covariances.ts";
import { covarianceRow } from "../../../../../packages/core/src/covariance/types.ts";
import { noFrames } from "../../../../../packages/core/src/statistics/frames.ts";

const of = (...values: number[]) => Float64Array.from(values);

/** N = 2, 4; s = (2, 0), (0, 4). */
function estimateOf(covarianceType: CovarianceType, scatter: readonly number[]) {
  const shape = { components: 2, features: 2, covarianceType };
  const { framed, factors } = noFrames(shape);
  return estimateCovariances({
    ...shape,
    scatter: Float64Array.from(scatter),
    masses: of(2, 4),
    shifts: of(1, 0, 0, 1),
    shiftRests: new Float64Array(4),
    framed,
    frames: factors,
    least: new Float64Array(4).fill(2 ** -200),
  });
}

test.each<[CovarianceType, number[], number[]]>([
  // in diag and spherical nothing is singular but a variance of 0
  ["full", [2, 0, 0, 4, 2, 8], [1, 0]],
  ["full", [4, 0, 8, 0, 0, 4], [0, 1]],
  ["diag", [2, 8, 4, 8], [1, 0]],
  ["diag", [4, 0, 4, 8], [1, 0]],
  ["diag", [4, 8, 0, 8], [0, 1]],
  ["spherical", [2, 12], [1, 0]],
  ["spherical", [4, 4], [0, 1]],
])("estimate tells which covariances are singular, %s", (type, scatter, expected) => {
  const estimated = estimateOf(type, scatter);
  expect([...estimated.singular]).toEqual(expected);
  expect(estimated.factors.every(Number.isFinite)).toBe(true);
  if (covarianceRow(type).matrix === "triangle") return;
  // 1/σ of the least variance there is, 2⁻²⁰⁰
  expect(Math.max(...estimated.factors)).toBe(2 ** 100);
  expect([...estimated.inflations]).toEqual([1, 1]);
});

test.each<[CovarianceType, number[], number[]]>([
  // S/N − δδᵀ with δ = (1, 0), (0, 1)
  ["full", [4, 0, 8, 4, 2, 12], [1, 0, 4, 1, 0.5, 2]],
  ["diag", [4, 8, 4, 12], [1, 4, 1, 2]],
  ["spherical", [12, 16], [2.5, 1.5]],
  // (S − Σ N δδᵀ)/ΣN
  ["tied", [8, 2, 22], [1, 1 / 3, 3]],
])("by hand, %s", (type, scatter, expected) => {
  const estimated = estimateOf(type, scatter);
  estimated.packedCovariances.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 15);
  });
  expect([...estimated.singular]).toEqual([0, 0]);
});
