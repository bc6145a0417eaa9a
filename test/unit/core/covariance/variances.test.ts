import { describe, expect, test } from "vitest";
import type { Matrix, MatrixForm } from "../../../../packages/core/src/covariance/matrix.ts";
import { triangle } from "../../../../packages/core/src/covariance/triangle.ts";
import { diagonal, scalar } from "../../../../packages/core/src/covariance/variances.ts";
import { COUPLES } from "../../../support/covariances.ts";
import { regularizationOf } from "../../../support/regularization.ts";

const of = (...values: number[]) => Float64Array.from(values);
const [wide, narrow] = COUPLES.diagonal;
const [wideRound, narrowRound] = COUPLES.scalar;

test("variances are as many as the public numbers: d of a diagonal, one of a scalar", () => {
  const counts = (form: MatrixForm) => [form.length(3), form.publicLength(3), form.featuresPerVariance(3)];
  expect([counts(diagonal), counts(scalar)]).toEqual([
    [3, 3, 1],
    [1, 1, 3],
  ]);
});

test.each<[MatrixForm, Matrix, number[]]>([
  [diagonal, wide, [6, 20]],
  [diagonal, narrow, [3, 2.5]],
  [scalar, wideRound, [6, 10]],
  [scalar, narrowRound, [1.5, 2.5]],
])("draws are standard deviations times normals, and go back, %#", (form, matrix, expected) => {
  const [drawn, back] = [new Float64Array(2), new Float64Array(2)];
  form.multiply(form.root(matrix, 2), of(3, 5), drawn);
  expect([...drawn]).toEqual(expected);
  form.multiply(matrix.factor, drawn, back);
  expect([...back]).toEqual([3, 5]);
});

test.each<[MatrixForm, number[]]>([
  [diagonal, [1, 36]],
  [scalar, [5 / 8, 18]],
])("how far means moved, in variances, %#", (form, expected) => {
  const variances = form === diagonal ? [of(4, 16), of(1, 0.25)] : [of(4, 4), of(0.25, 0.25)];
  expect([form.move(of(4, 1), variances[0]), form.move(of(0, 9), variances[1])]).toEqual(expected);
});

test.each([diagonal, scalar])("a mean that moved from a variance of 0 moved infinitely far, %#", (form) => {
  expect(form.move(of(0, 0), of(0, 0))).toBe(0);
  expect(form.move(of(1, 0), of(-1, -1))).toBe(Number.POSITIVE_INFINITY);
});

test.each<[MatrixForm, readonly Matrix[], number[]]>([
  // max_i Σ_j (W_ij h_j)², h = (2, 3)
  [diagonal, COUPLES.diagonal, [1, 36]],
  [scalar, COUPLES.scalar, [2.25, 36]],
])("rounding in standard deviations, %#", (form, matrices, expected) => {
  expect(matrices.map(({ factor }) => form.greatestRow(factor, of(2, 3)))).toEqual(expected);
});

test.each<[MatrixForm, Matrix, readonly [number, number]]>([
  [diagonal, narrow, [1, 0.5]],
  [scalar, narrowRound, [0.5, 0.5]],
])("the rank is the number of deviations above their steps, %#", (form, matrix, [a, b]) => {
  expect(form.rank(matrix, of(a * 0.99, b * 0.99))).toBe(2);
  expect(form.rank(matrix, of(a * 1.01, b * 0.99))).toBe(1);
  expect(form.rank(matrix, of(a, b))).toBe(0);
});

test.each([diagonal, scalar])("a variance of 0 or less is no direction, %#", (form) => {
  const count = form.length(2);
  const matrix = (variance: number) => ({
    covariance: new Float64Array(count).fill(variance),
    factor: new Float64Array(count).fill(1),
  });
  expect(form.rank(matrix(0), of(0, 1))).toBe(0);
  expect(form.rank(matrix(-1), of(1, 1))).toBe(0);
});

test.each<[MatrixForm, readonly Matrix[]]>([
  [diagonal, COUPLES.diagonal],
  [scalar, COUPLES.scalar],
])("shrank by the largest ratio of variances, %#", (form, matrices) => {
  for (const matrix of matrices) {
    const after = (by: number) => ({ ...matrix, factor: matrix.factor.map((value) => by * value) });
    expect([1, 2, 8].map((by) => form.shrinkage(matrix, after(by), 2))).toEqual([1, 4, 64]);
  }
  const one = { covariance: of(1, 1), factor: of(1, 1) };
  expect(form.shrinkage(one, { ...one, factor: of(3, 4) }, 2)).toBe(16);
});

test.each([diagonal, scalar])("a variance that rounding took below 0 adds nothing to another, %#", (form) => {
  const term = (variance: number, share: number) => ({
    ...{ covariance: of(variance), factor: of(Math.abs(variance) ** -0.5), share },
  });
  expect(form.adder(1)([term(-16, 0.75), term(4, 0.25)], [])).toEqual({ covariance: of(1), factor: of(1) });
});

test("outer products add their squares, those of all features where they share a variance", () => {
  const outers = [{ share: 2, vector: of(1, -3) }];
  expect(diagonal.adder(2)([], outers).covariance).toEqual(of(2, 18));
  expect(scalar.adder(2)([], outers).covariance).toEqual(of(20));
});

describe.each([
  ["diagonal", diagonal],
  ["scalar", scalar],
])("of one feature a %s is a triangle", (_, form) => {
  const one = { covariance: of(4), factor: of(0.5) };
  const other = { covariance: of(9), factor: of(1 / 3) };
  const part = { mass: 2, shift: of(3), shiftRest: of(2 ** -54) };

  test("in what it is made of", () => {
    const scatter = { sums: of(50), mass: 2, parts: [part], frame: null, least: of(2 ** -200) };
    expect(form.estimator(1)(scatter)).toEqual(triangle.estimator(1)(scatter));
    const none = { ...scatter, sums: of(18), parts: [{ ...part, shiftRest: of(0) }] };
    expect(form.estimator(1)(none)).toMatchObject({ covariance: of(0), factor: of(2 ** 100), singular: true });
    const outers = [{ share: 0.5, vector: of(4) }];
    const terms = [{ ...one, share: 2 }];
    expect(form.adder(1)(terms, outers)).toEqual(triangle.adder(1)(terms, outers));
  });

  test("in what is asked of it", () => {
    const answers = (of_: MatrixForm) => [
      of_.length(1),
      of_.publicLength(1),
      of_.featuresPerVariance(1),
      of_.factorize(of(4), 1),
      of_.factorize(of(0), 1),
      of_.factorize(of(-1), 1),
      of_.inflation(one, 1),
      of_.move(of(9), of(4)),
      of_.spread(other, 1)(one.factor),
      of_.greatestRow(one.factor, of(3)),
      [1, 2, 3].map((step) => of_.rank(one, of(step))),
      of_.diagonal(one.covariance, 1),
      of_.rescale(one, [3]),
      of_.isotropic(4, 1),
      of_.root(one, 1),
      of_.expandCovariance(one.covariance, 1),
      of_.expandFactor(one.factor, 1),
      of_.pack(one.covariance, 1),
      of_.asymmetry(one.covariance, 1, 0),
      of_.agrees(one, 1, 0),
      of_.agrees({ ...one, factor: of(0.6) }, 1, 0.1),
      of_.priorPower(3, 1, 1),
      of_.priorPower(2.5, 4, 1),
    ];
    expect(answers(form)).toEqual(answers(triangle));
    expect(form.shrinkage(other, one, 1)).toBe(triangle.shrinkage(other, one, 1));
  });

  test.each([
    [1, 0],
    [9, 0],
    [9, 2],
    [0, 5],
  ])("under a floor of %d and a ridge of %d", (floor, ridge) => {
    const copy = () => ({ covariance: one.covariance.slice(), factor: one.factor.slice() });
    const [a, b] = [copy(), copy()];
    const rule = regularizationOf([floor], ridge);
    expect(form.regularize(a, rule)).toBe(triangle.regularize(b, rule));
    expect(a.covariance[0]).toBeCloseTo(b.covariance[0], 14);
    expect(a.factor[0]).toBeCloseTo(b.factor[0], 15);
  });
});

test("a triangle without correlations is a diagonal", () => {
  const packed = { covariance: of(4, 0, 16), factor: of(0.5, 0, 0.25) };
  const [a, b] = [new Float64Array(2), new Float64Array(2)];
  triangle.multiply(packed.factor, of(3, 5), a);
  diagonal.multiply(wide.factor, of(3, 5), b);
  expect(a).toEqual(b);
  expect(triangle.diagonal(packed.covariance, 2)).toEqual(diagonal.diagonal(wide.covariance, 2));
  expect(triangle.inflation(packed, 2)).toBe(diagonal.inflation(wide, 2));
  expect(triangle.move(of(1, 9), of(4, 16))).toBe(diagonal.move(of(1, 9), of(4, 16)));
  expect(triangle.greatestRow(packed.factor, of(2, 3))).toBe(diagonal.greatestRow(wide.factor, of(2, 3)));
  expect(triangle.spread(packed, 2)(packed.factor)).toBe(diagonal.spread(wide, 2)(wide.factor));
  const [raisedTriangle, raised] = [structuredClone(packed), structuredClone(wide)];
  const rule = regularizationOf([9, 9]);
  expect(triangle.regularize(raisedTriangle, rule)).toBe(diagonal.regularize(raised, rule));
  triangle.diagonal(raisedTriangle.covariance, 2).forEach((variance, j) => {
    expect(variance / raised.covariance[j]).toBeCloseTo(1, 15);
  });
});
