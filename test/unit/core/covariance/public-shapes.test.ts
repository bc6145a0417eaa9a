import type { CovarianceType } from "@emix/core";
import { describe, expect, test } from "vitest";
import {
  expandCovariances,
  expandFactors,
  packCovariances,
  publicLength,
  publicMatrix,
} from "../../../../packages/core/src/covariance/public-shapes.ts";
import { covarianceRow } from "../../../../packages/core/src/covariance/types.ts";
import { coupleOf } from "../../../support/covariances.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";

describe.each(COVARIANCE_TYPES)("public covariances, %s", (type) => {
  const given = coupleOf(type);

  test("packed again are what they were, and share no memory with them", () => {
    const expanded = expandCovariances(given, given);
    expect(expanded.length).toBe(publicLength(given));
    expect(packCovariances(expanded, given)).toEqual(given.packedCovariances);
    const arrays = [expanded, packCovariances(expanded, given), expandFactors(given, given)];
    for (const array of arrays) array.fill(-1);
    expect(given.packedCovariances).not.toContain(-1);
    expect(given.factors).not.toContain(-1);
    expect(expandCovariances(given, given)).not.toContain(-1);
  });
});

test.each<[CovarianceType, number[], number[]]>([
  ["full", [4, 2, 2, 17, 1, -2, -2, 4.25], [0.5, -0.125, 0, 0.25, 1, 4, 0, 2]],
  ["tied", [1, -2, -2, 4.25], [1, 4, 0, 2]],
  ["diag", [4, 16, 1, 0.25], [0.5, 0.25, 1, 2]],
  ["spherical", [4, 0.25], [0.5, 2]],
])("public shapes, %s", (type, covariances, factors) => {
  const given = coupleOf(type);
  expect([...expandCovariances(given, given)]).toEqual(covariances);
  expect([...expandFactors(given, given)]).toEqual(factors);
  const count = covarianceRow(type).shared ? 1 : 2;
  const last = publicMatrix(Float64Array.from(covariances), given, count - 1);
  expect([...last]).toEqual(covariances.slice(-covariances.length / count));
});

test.each(COVARIANCE_TYPES)("numbers in them, %s", (covarianceType) => {
  const { matrix, shared } = covarianceRow(covarianceType);
  const each = { triangle: 9, diagonal: 3, scalar: 1 }[matrix];
  expect(publicLength({ components: 5, features: 3, covarianceType })).toBe(shared ? each : 5 * each);
});
