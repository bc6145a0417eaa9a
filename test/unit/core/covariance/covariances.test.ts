import type { CovarianceType } from "@emix/core";
import { describe, expect, test } from "vitest";
import {
  copyMatrix,
  covarianceParameters,
  diagonalsOf,
  factorizeCovariances,
  inflationsOf,
  isotropic,
  matrixOf,
  ofEach,
  owners,
  packedCovariances,
  packedOf,
  regularizeCovariances,
  rescaleCovariances,
  roomForCovariances,
  sumCovariances,
} from "../../../../packages/core/src/covariance/covariances.ts";
import { matrixForm } from "../../../../packages/core/src/covariance/forms.ts";
import { covarianceRow, type MatrixKind } from "../../../../packages/core/src/covariance/types.ts";
import { COUPLES, coupleOf, numbersOf } from "../../../support/covariances.ts";
import { regularizationOf } from "../../../support/regularization.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";

const of = (...values: number[]) => Float64Array.from(values);

const zerosLike = (type: CovarianceType) => {
  const { packedCovariances: packed, factors } = coupleOf(type);
  return { packedCovariances: packed.map(() => 0), factors: factors.map(() => 0) };
};

describe.each(COVARIANCE_TYPES)("%s covariances", (type) => {
  const given = coupleOf(type);
  const { matrix, shared } = covarianceRow(type);
  const form = matrixForm(type);
  const [first, second] = shared ? [COUPLES[matrix][1], COUPLES[matrix][1]] : COUPLES[matrix];

  test("belong to their owners", () => {
    expect(owners(given)).toEqual(shared ? [[0, 1]] : [[0], [1]]);
    expect([matrixOf(given, given, 0), matrixOf(given, given, 1)]).toEqual([first, second]);
    expect(packedOf(given.factors, given, 1)).toEqual(second.factor);
    expect(covarianceParameters(given)).toBe(given.packedCovariances.length);
  });

  test("are made one by one, for the components that have them in common", () => {
    const made = packedCovariances(given, ([owner]) => (owner === 0 ? first : second));
    expect(numbersOf(made)).toEqual(numbersOf(given));
    const asked: number[] = [];
    const numbers = ofEach(given, (component) => {
      asked.push(component);
      return 10 + component;
    });
    expect([[...numbers], asked]).toEqual([shared ? [10, 10] : [10, 11], shared ? [0] : [0, 1]]);
  });

  test("factorize gives the factors", () => {
    expect(factorizeCovariances(given.packedCovariances, given)).toEqual(given.factors);
  });

  test("isotropic is the variance in every direction", () => {
    const packed = isotropic(4, given);
    expect(packed.length).toBe(given.packedCovariances.length);
    expect([...diagonalsOf(packed, given)]).toEqual([4, 4, 4, 4]);
    const factors = factorizeCovariances(packed, given) as Float64Array;
    expect([...inflationsOf({ packedCovariances: packed, factors }, given)]).toEqual([1, 1]);
  });

  test("rescaling there and back changes nothing", () => {
    const exponents = matrix === "scalar" ? [3, 3] : [1, -2];
    const there = rescaleCovariances(given, given, exponents);
    expect(numbersOf(there)).not.toEqual(numbersOf(given));
    expect(factorizeCovariances(there.packedCovariances, given)).toEqual(there.factors);
    const opposite = exponents.map((exponent) => -exponent);
    expect(numbersOf(rescaleCovariances(there, given, opposite))).toEqual(numbersOf(given));
  });

  test("one is copied to its own place, a shared one stays", () => {
    const to = zerosLike(type);
    copyMatrix(given, 1, to);
    if (shared) expect(numbersOf(to)).toEqual(numbersOf(zerosLike(type)));
    else {
      expect(matrixOf(to, given, 0)).toEqual(matrixOf(zerosLike(type), given, 0));
      expect(matrixOf(to, given, 1)).toEqual(second);
    }
  });

  test.each([
    [1, 0],
    [0, 1],
  ])("one is copied from component %d to component %d, within the same numbers", (from, target) => {
    const copied = coupleOf(type);
    copyMatrix(copied, from, copied, target);
    const expected = from === 0 ? first : second;
    expect([matrixOf(copied, given, 0), matrixOf(copied, given, 1)]).toEqual([expected, expected]);
  });

  test("are added up in shares, of which 0 is not read", () => {
    const unread = { share: 0, covariance: second.covariance.map(() => Number.NaN), factor: second.factor };
    const asked: (readonly number[])[] = [];
    const sum = roomForCovariances(given);
    sumCovariances(sum, given, null, (group) => {
      asked.push(group);
      const own = matrixOf(given, given, group[0]);
      return { terms: [{ ...own, share: 1 }, unread, { ...own, share: 3 }], outers: [] };
    });
    expect(asked).toEqual(owners(given));
    expect(sum.packedCovariances).toEqual(given.packedCovariances.map((value) => 4 * value));
    expect(sum.factors).toEqual(given.factors.map((value) => value / 2));
  });

  test("floors tell which they changed, of a shared one the first owner", () => {
    const above = coupleOf(type);
    expect(regularizeCovariances(above, above, regularizationOf([0.01, 0.01]))).toEqual([]);
    expect(numbersOf(above)).toEqual(numbersOf(given));
    const below = coupleOf(type);
    const all = owners(given).map(([component]) => ({ component, rank: 0 }));
    expect(regularizeCovariances(below, below, regularizationOf([100, 100]))).toEqual(all);
    diagonalsOf(below.packedCovariances, below).forEach((variance) => {
      expect(variance).toBeCloseTo(100, 12);
    });
    const ridged = coupleOf(type);
    expect(regularizeCovariances(ridged, ridged, regularizationOf([0, 0], 2))).toEqual([]);
    const variances = diagonalsOf(given.packedCovariances, given);
    expect(diagonalsOf(ridged.packedCovariances, given)).toEqual(variances.map((variance) => variance + 2));
  });

  test("of one feature all kinds agree", () => {
    const one = { components: 1, features: 1, covarianceType: type };
    const covariances = { packedCovariances: of(4), factors: of(0.5) };
    expect(factorizeCovariances(of(4), one)).toEqual(of(0.5));
    expect(form.length(1)).toBe(1);
    expect(numbersOf(rescaleCovariances(covariances, one, [3]))).toEqual([[256], [1 / 16]]);
    expect(isotropic(4, one)).toEqual(of(4));
  });
});

describe.each(COVARIANCE_TYPES)("by hand, %s", (type) => {
  const given = coupleOf(type);
  const { matrix, shared } = covarianceRow(type);
  /** What the two have, or twice what the second has. */
  const ofBoth = (pairs: Readonly<Record<MatrixKind, readonly [number[], number[]]>>) => {
    const [first, second] = pairs[matrix];
    return shared ? [...second, ...second] : [...first, ...second];
  };

  test("variances", () => {
    const expected = ofBoth({
      triangle: [
        [4, 17],
        [1, 4.25],
      ],
      diagonal: [
        [4, 16],
        [1, 0.25],
      ],
      scalar: [
        [4, 4],
        [0.25, 0.25],
      ],
    });
    expect([...diagonalsOf(given.packedCovariances, given)]).toEqual(expected);
  });

  test("the diagonals of factors", () => {
    const expected = ofBoth({
      triangle: [
        [0.5, 0.25],
        [1, 2],
      ],
      diagonal: [
        [0.5, 0.25],
        [1, 2],
      ],
      scalar: [
        [0.5, 0.5],
        [2, 2],
      ],
    });
    expect([...diagonalsOf(given.factors, given)]).toEqual(expected);
  });

  test("variance inflation, max_j Σ_jj Σ_i W_ij²", () => {
    const expected = ofBoth({ triangle: [[1.0625], [17]], diagonal: [[1], [1]], scalar: [[1], [1]] });
    expect([...inflationsOf(given, given)]).toEqual(expected);
  });

  test("of features times 2 and ¼; of one variance, of all of them times 2", () => {
    const rescaled = rescaleCovariances(given, given, matrix === "scalar" ? [1, 1] : [1, -2]);
    const covariances = ofBoth({
      triangle: [
        [16, 1, 17 / 16],
        [4, -1, 4.25 / 16],
      ],
      diagonal: [
        [16, 1],
        [4, 1 / 64],
      ],
      scalar: [[16], [1]],
    });
    const factors = ofBoth({
      triangle: [
        [0.25, -0.0625, 1],
        [0.5, 2, 8],
      ],
      diagonal: [
        [0.25, 1],
        [0.5, 8],
      ],
      scalar: [[0.25], [1]],
    });
    const once = shared ? 0.5 : 1;
    expect(numbersOf(rescaled)).toEqual([
      covariances.slice(0, once * covariances.length),
      factors.slice(0, once * factors.length),
    ]);
  });

  test("free parameters, of five components in three features", () => {
    const each = { triangle: 6, diagonal: 3, scalar: 1 }[matrix];
    expect(covarianceParameters({ components: 5, features: 3, covarianceType: type })).toBe(shared ? each : 5 * each);
  });
});

test.each<[CovarianceType, number[], number, number]>([
  ["full", [4, 2, 17, 4, 2, 1], 1, 1],
  ["full", [4, 2, 1, 4, 2, 17], 0, 1],
  ["full", [4, 2, 17, 0, 0, 1], 1, 0],
  ["tied", [4, 2, 1], 0, 1],
  ["diag", [1, 2, 3, 0], 1, 1],
  ["diag", [0, 2, 3, 1], 0, 0],
  ["diag", [1, -2, 3, 0], 0, 1],
  ["diag", [1, 2, Number.POSITIVE_INFINITY, 1], 1, 0],
  ["spherical", [1, Number.NaN], 1, 0],
  ["spherical", [1, 0], 1, 0],
])("the first singular covariance, and its rank, %#", (covarianceType, packed, collapsed, rank) => {
  const shape = { components: 2, features: 2, covarianceType };
  expect(factorizeCovariances(Float64Array.from(packed), shape)).toEqual({ collapsed, rank });
});

test("of three directions, two stand by themselves", () => {
  const shape = { components: 1, features: 3, covarianceType: "full" } as const;
  expect(factorizeCovariances(of(4, 2, 17, 4, 2, 1), shape)).toEqual({ collapsed: 0, rank: 2 });
});

describe("floors of several", () => {
  /** Variances, with what 1/σ is of them. */
  const withFactors = (...variances: number[]) => ({
    packedCovariances: Float64Array.from(variances),
    factors: Float64Array.from(variances, (variance) => 1 / Math.sqrt(variance)),
  });
  const shapeOf = (covarianceType: CovarianceType, components: number) => ({ components, features: 2, covarianceType });

  test("full: those are told that it changed", () => {
    const given = {
      packedCovariances: of(4, 0, 4, 4, 0, 0.25, 0.25, 0, 0.25),
      factors: of(0.5, 0, 0.5, 0.5, 0, 2, 2, 0, 2),
    };
    expect(regularizeCovariances(given, shapeOf("full", 3), regularizationOf([1, 1]))).toEqual([
      { component: 1, rank: 1 },
      { component: 2, rank: 0 },
    ]);
    expect([...given.packedCovariances.subarray(0, 3)]).toEqual([4, 0, 4]);
    for (const [i, value] of [4, 0, 1, 1, 0, 1].entries()) {
      expect(given.packedCovariances[3 + i]).toBeCloseTo(value, 14);
    }
    for (const [i, value] of [0.5, 0, 1, 1, 0, 1].entries()) expect(given.factors[3 + i]).toBeCloseTo(value, 14);
  });

  test("diag: feature by feature, naming the components it changed", () => {
    const given = withFactors(1, 0, 2, 3, 4, 0.05);
    expect(regularizeCovariances(given, shapeOf("diag", 3), regularizationOf([0.5, 0.1]))).toEqual([
      { component: 0, rank: 1 },
      { component: 2, rank: 1 },
    ]);
    expect([...given.packedCovariances]).toEqual([1, 0.1, 2, 3, 4, 0.1]);
    expect([...given.factors]).toEqual([1, 0.1, 2, 3, 4, 0.1].map((variance) => 1 / Math.sqrt(variance)));
  });

  test("diag: what lies on its floor keeps its bits", () => {
    const given = { packedCovariances: of(0.5, 2), factors: of(3, 4) };
    expect(regularizeCovariances(given, shapeOf("diag", 1), regularizationOf([0.5, 0.1]))).toEqual([]);
    expect([...given.factors]).toEqual([3, 4]);
  });

  test("spherical: the largest floor", () => {
    const given = withFactors(1, 0.2);
    const rule = regularizationOf([0.5, 0.1], 0.25);
    expect(regularizeCovariances(given, shapeOf("spherical", 2), rule)).toEqual([{ component: 1, rank: 0 }]);
    expect([...given.packedCovariances]).toEqual([1.25, 0.75]);
  });

  test("no floor, no ridge: nothing moves, not even a variance below 0", () => {
    const rule = regularizationOf([0, 0]);
    for (const type of ["diag", "spherical"] as const) {
      const given = withFactors(-1, 0, 1, 2);
      expect(regularizeCovariances(given, shapeOf(type, type === "diag" ? 2 : 4), rule)).toEqual([]);
      expect([...given.packedCovariances]).toEqual([-1, 0, 1, 2]);
    }
  });
});
