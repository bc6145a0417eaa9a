import { type AssignmentOptions, type CovarianceType, GaussianMixture, type PointsLike } from "@emix/core";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { covarianceRow } from "../../../packages/core/src/covariance/types.ts";
import { randomStream } from "../../../packages/core/src/random.ts";
import { rows } from "../../support/compare.ts";
import { expectFailure } from "../../support/failures.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../support/scenes.ts";

const points = [
  [0, 0],
  [1, 3],
  [2, 1],
  [9, 8],
  [8, 9.5],
  [10, 9],
];
const assignmentProbs = [
  [1, 0],
  [1, 0],
  [0.75, 0.25],
  [0, 1],
  [0, 1],
  [0, 1],
];
const from = (change: Record<string, unknown>) => {
  const { points: given = points, ...options } = { assignmentProbs, ...change };
  return GaussianMixture.fromPointsAndAssignmentProbs(given as PointsLike, options as AssignmentOptions);
};

describe("one M-step from responsibilities", () => {
  test("flat, rows or typed rows, of any kind of points", () => {
    const mixture = from({});
    expect(from({ assignmentProbs: assignmentProbs.flat() })).toEqual(mixture);
    expect(from({ assignmentProbs: assignmentProbs.map((row) => Float64Array.from(row)) })).toEqual(mixture);
    expect(from({ points: new Matrix(points) })).toEqual(mixture);
    expect(from({ points: { data: Float64Array.from(points.flat()), features: 2 } })).toEqual(mixture);
  });

  test("rows of weight 0 count for nothing, wherever they lie, the first one too", () => {
    const more = { points: [[1e200, -1e200], ...points], assignmentProbs: [[0.5, 0.5], ...assignmentProbs] };
    const mixture = from({ ...more, pointWeights: [0, 1, 1, 1, 1, 1, 1] });
    expect(mixture).toEqual(from({}));
  });

  test("a ridge is added to every variance", () => {
    for (const covarianceType of COVARIANCE_TYPES) {
      const ridged = from({ covarianceType, regularization: { absolute: 0.5 } }).parameters.packedCovariances;
      const { packedCovariances } = from({ covarianceType }).parameters;
      const added = ridged.map((value, i) => value - packedCovariances[i]);
      const { matrix, shared } = covarianceRow(covarianceType);
      const each = { triangle: [0.5, 0, 0.5], diagonal: [0.5, 0.5], scalar: [0.5] }[matrix];
      expect([...added].map((value) => Number(value.toFixed(12)))).toEqual(shared ? each : [...each, ...each]);
    }
  });

  const each = /the same number of responsibilities for each of 6 points/;
  test.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /n × k numbers, got undefined/],
    ["null", null, /n × k numbers, got null/],
    ["none", [], each],
    ["empty rows", [[], [], [], [], [], []], each],
    ["a number that does not divide", new Float64Array(7), each],
    [
      "rows for fewer points, of a divisible number",
      [
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [1, 0, 0, 0],
      ],
      /6 rows of 4 numbers/,
    ],
    ["ragged rows of a divisible number", [[1, 0, 0], [1], [1, 0], [1, 0], [1, 0], [1, 0]], /6 rows of 3 numbers/],
    ["a missing row", [[1, 0], [1, 0], null, [1, 0], [1, 0], [1, 0]], /6 rows of 2 numbers/],
    [
      "a negative one",
      [
        [1, 0],
        [1, -1],
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 0],
      ],
      /`assignmentProbs\[1\]\[1\]` .* got -1/,
    ],
    ["NaN", [1, Number.NaN, 1, 1, 1, 1], /`assignmentProbs\[1\]\[0\]` to be finite and not negative, got NaN/],
    ["infinity", [1, 1, 1, 1, 1, Number.POSITIVE_INFINITY], /`assignmentProbs\[5\]\[0\]`/],
    ["text", ["1", 1, 1, 1, 1, 1], /`assignmentProbs\[0\]\[0\]` .* got "1"/],
  ])("responsibilities: %s", (_, given, message) => {
    expectFailure(() => from({ assignmentProbs: given }), "INVALID_OPTION", message);
  });

  test("other bad input", () => {
    expectFailure(
      () => from({ covarianceType: "round" }),
      "INVALID_OPTION",
      new RegExp(`one of ${COVARIANCE_TYPES.join(", ")}, got "round"`),
    );
    for (const bad of [1e-3, null, "0"]) {
      expectFailure(() => from({ regularization: bad }), "INVALID_OPTION", /0 or \{ absolute: variance \}/);
    }
    for (const bad of [{}, { absolute: -1 }, { absolute: Number.NaN }]) {
      const message = /`regularization.absolute` to be a finite number of at least 0/;
      expectFailure(() => from({ regularization: bad }), "INVALID_OPTION", message);
    }
    expectFailure(() => from({ pointWeights: [1, 1] }), "INVALID_WEIGHT", /each of 6 rows, got 2/);
    expectFailure(() => from({ points: [] }), "EMPTY_DATA");
  });

  test.each(COVARIANCE_TYPES)("a column of zeros is a typed error, ridge or not: %s", (covarianceType) => {
    for (const absolute of [0, 1]) {
      const given = { assignmentProbs: points.map(() => [1, 0]), covarianceType, regularization: { absolute } };
      expectFailure(
        () => from(given),
        "COLLAPSED_COMPONENT",
        /^Component 1 of 2 collapsed: .* weight of its points: 0\)/,
      );
      const nothing = { assignmentProbs: points.map(() => [0, 0]), covarianceType, regularization: { absolute } };
      expectFailure(() => from(nothing), "COLLAPSED_COMPONENT", /^Component 0 of 2/);
    }
  });
});

describe("queries", () => {
  test("points of another width", () => {
    const mixture = mixtureOf("full", 2, 2, randomStream(1, "m"));
    for (const query of [
      "logProb",
      "conditionalLogProb",
      "predictProba",
      "predict",
      "score",
      "aic",
      "bic",
      "icl",
    ] as const) {
      expectFailure(
        () => mixture[query]([[1, 2, 3]]),
        "FEATURES_MISMATCH",
        "Expected points with 2 feature(s), got 3.",
      );
    }
  });

  test("a tie goes to the lower component", () => {
    const mixture = GaussianMixture.fromParameters({
      weights: [0.25, 0.25, 0.5],
      means: [-1, 1, 50],
      covariances: [1, 1, 1],
      covarianceType: "spherical",
    });
    expect([...mixture.predict([[0], [-1], [1], [50]])]).toEqual([0, 0, 1, 2]);
  });

  test("score is the weighted mean of log p", () => {
    const mixture = from({});
    const logProb = mixture.logProb(points);
    const mean = (weights: number[]) =>
      weights.reduce((sum, weight, i) => sum + weight * logProb[i], 0) / weights.reduce((a, b) => a + b);
    expect(mixture.score(points)).toBeCloseTo(mean([1, 1, 1, 1, 1, 1]), 13);
    expect(mixture.score(points, { pointWeights: [1, 2, 3, 0, 0, 0.5] })).toBeCloseTo(mean([1, 2, 3, 0, 0, 0.5]), 13);
  });

  test.each<[CovarianceType, number]>([
    ["full", 18],
    ["tied", 9],
    ["diag", 6],
    ["spherical", 2],
  ])("shapes of %s are scikit-learn's", (type, length) => {
    const mixture = mixtureOf(type, 2, 3, randomStream(1, "m"));
    expect([mixture.covariances.length, mixture.precisionsCholesky.length]).toEqual([length, length]);
    expect([mixture.weights.length, mixture.means.length, mixture.logWeights.length]).toEqual([2, 6, 2]);
    expect(rows(mixture.predictProba([[0, 0, 0]]), 2)).toHaveLength(1);
  });

  test.each(COVARIANCE_TYPES)("variances are the diagonals of the covariances, feature by feature: %s", (type) => {
    const mixture = mixtureOf(type, 3, 2, randomStream(1, "m"));
    const { covariances, variances } = mixture;
    const one = covariances.length / (covarianceRow(type).shared ? 1 : 3);
    const stride = { triangle: 3, diagonal: 1, scalar: 0 }[covarianceRow(type).matrix];
    const expected = Array.from({ length: 6 }, (_, i) => {
      const own = covarianceRow(type).shared ? 0 : Math.floor(i / 2) * one;
      return covariances[own + (i % 2) * stride];
    });
    expect([...variances]).toEqual(expected);
    variances.fill(0);
    expect([...mixture.variances]).toEqual(expected);
  });

  test("f32 points are computed with in double precision", () => {
    const mixture = from({});
    const data = Float32Array.from(points.flat(), (x) => x + 0.1);
    const widened = { data: Float64Array.from(data), features: 2 };
    expect(mixture.logProb({ data, features: 2 })).toEqual(mixture.logProb(widened));
  });
});

test.each(COVARIANCE_TYPES)(
  "arrays that a caller gets own their memory, %s: they can be handed to another thread",
  (type) => {
    const mixture = mixtureOf(type, 3, 2, randomStream(4, type));
    const { weights, logWeights, means, meansResidual, covariances, variances, precisionsCholesky } = mixture;
    const asked = [mixture.logProb(points), mixture.predict(points), mixture.predictProba(points)];
    for (const array of [
      weights,
      logWeights,
      means,
      meansResidual,
      covariances,
      variances,
      precisionsCholesky,
      ...asked,
    ]) {
      expect(array.buffer.byteLength).toBe(array.byteLength);
    }
  },
);
