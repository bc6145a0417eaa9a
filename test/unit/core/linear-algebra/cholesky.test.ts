import fc from "fast-check";
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { cholesky, invertTriangle, multiplyTriangle } from "../../../../packages/core/src/linear-algebra/cholesky.ts";
import { refineInverse } from "../../../../packages/core/src/linear-algebra/refine-inverse.ts";
import { triangleLength, triangleRow } from "../../../../packages/core/src/linear-algebra/triangle.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { error } from "../../../support/compare.ts";
import { minus, ofDouble, plus, type Rational, ratio, times } from "../../../support/exact.ts";
import { law } from "../../../support/laws.ts";
import { covarianceMatrix } from "../../../support/scenes.ts";

const packed = (matrix: number[], size: number) =>
  Float64Array.from({ length: size }, (_, i) => i).reduce<number[]>(
    (all, i) => all.concat(matrix.slice(i * size, i * size + i + 1)),
    [],
  );

const cases = fc.record({ size: fc.integer({ min: 1, max: 8 }), seed: fc.nat() });

describe("packed triangles", () => {
  test("row r begins at r(r + 1)/2", () => {
    expect([0, 1, 2, 3].map(triangleRow)).toEqual([0, 1, 3, 6]);
    expect([1, 2, 3].map(triangleLength)).toEqual([1, 3, 6]);
  });

  law("cholesky is ml-matrix's, anywhere in an array", cases, 60, ({ size, seed }) => {
    const matrix = covarianceMatrix(size, randomStream(seed, "cholesky"));
    const expected = new CholeskyDecomposition(Matrix.from1DArray(size, size, matrix)).lowerTriangularMatrix;
    const values = Float64Array.from([9, 9, ...packed(matrix, size), 9]);
    const factor = cholesky(values, size, 2) as Float64Array;
    expect(error(factor, packed(expected.to1DArray(), size))).toBeLessThan(1e-13);
    expect(values[2]).toBe(matrix[0]);
  });

  law("invertTriangle: W L = I; multiplyTriangle: L v, in place too", cases, 60, ({ size, seed }) => {
    const random = randomStream(seed, "inverse");
    const factor = cholesky(Float64Array.from(packed(covarianceMatrix(size, random), size)), size) as Float64Array;
    const inverse = invertTriangle(factor, size);
    const vector = Float64Array.from({ length: size }, () => random.normal());
    const product = new Float64Array(size);
    multiplyTriangle(factor, 0, vector, product);
    multiplyTriangle(inverse, 0, product, product);
    expect(error(product, vector)).toBeLessThan(1e-12);
  });

  law("refineInverse: each entry of W as if W had been inverted exactly, then rounded", cases, 20, ({ size, seed }) => {
    const matrix = Float64Array.from(packed(covarianceMatrix(size, randomStream(seed, "refine")), size));
    const inverse = invertTriangle(cholesky(matrix, size) as Float64Array, size);
    refineInverse(inverse, matrix, size);
    expect(residual(inverse, matrix, size)).toBeLessThanOrEqual(residualOfRounding(inverse, matrix, size));
  });

  test("a direction up to the thin variance tells nothing of those after it", () => {
    // 4 = 2², then 1e-6 under the bound, then 9 as if alone; the column of the first is as ever.
    const matrix = Float64Array.from([4, 2, 1 + 1e-6, 6, 3.001, 18]);
    expect([...(cholesky(matrix, 3, 0, 1e-5) as Float64Array)]).toEqual([2, 1, Math.sqrt(1 + 1e-6 - 1), 3, 0, 3]);
    const usual = cholesky(matrix, 3) as Float64Array;
    expect(usual[4]).toBeCloseTo(0.001 / Math.sqrt(1e-6), 6);
    expect(usual[5]).toBeCloseTo(Math.sqrt(9 - 1), 6);
    expect(cholesky(Float64Array.from([1, 2, 1]), 2, 0, 1e-5)).toBe(null);
  });

  test.each([
    ["zero", [0]],
    ["negative", [-1]],
    ["NaN", [Number.NaN]],
    ["infinite", [Number.POSITIVE_INFINITY]],
    ["singular", [1, 1, 1]],
    ["indefinite", [1, 2, 1]],
    ["NaN below the diagonal", [1, Number.NaN, 1]],
  ])("no factor of what is %s", (_, values) => {
    expect(cholesky(Float64Array.from(values), values.length === 1 ? 1 : 2)).toBe(null);
  });
});

/** max |W A Wᵀ − I|, exactly. in: W, A, packed */
function residual(inverse: Float64Array, symmetric: Float64Array, size: number): number {
  const w = (i: number, j: number) => ofDouble(j <= i ? inverse[triangleRow(i) + j] : 0);
  const a = (i: number, j: number) => ofDouble(symmetric[triangleRow(Math.max(i, j)) + Math.min(i, j)]);
  const indices = Array.from({ length: size }, (_, i) => i);
  const sum = (terms: Rational[]) => terms.reduce(plus, ofDouble(0));
  const product = (i: number, j: number) =>
    sum(indices.map((l) => times(w(i, l), sum(indices.map((m) => times(a(l, m), w(j, m)))))));
  return Math.max(
    ...indices.flatMap((i) => indices.map((j) => ratio(minus(product(i, j), ofDouble(i === j ? 1 : 0)), ofDouble(1)))),
  );
}

/** What W A Wᵀ − I may be where W is right but for the rounding of its entries: 2⁻⁵³ (|W| |A Wᵀ| + its transpose). */
function residualOfRounding(inverse: Float64Array, symmetric: Float64Array, size: number): number {
  const w = (i: number, j: number) => (j <= i ? inverse[triangleRow(i) + j] : 0);
  const a = (i: number, j: number) => symmetric[triangleRow(Math.max(i, j)) + Math.min(i, j)];
  const indices = Array.from({ length: size }, (_, i) => i);
  const sum = (terms: number[]) => terms.reduce((total, term) => total + term, 0);
  const factor = (l: number, j: number) => sum(indices.map((m) => a(l, m) * w(j, m)));
  const half = (i: number, j: number) => sum(indices.map((l) => Math.abs(w(i, l) * factor(l, j))));
  return 2 ** -53 * Math.max(...indices.flatMap((i) => indices.map((j) => half(i, j) + half(j, i)))) * (1 + 2 ** -20);
}
