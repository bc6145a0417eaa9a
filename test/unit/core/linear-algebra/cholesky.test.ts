import { randomStream } from "@emix/core";
import fc from "fast-check";
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { cholesky, invertTriangle, multiplyTriangle } from "../../../../packages/core/src/linear-algebra/cholesky.ts";
import { twoSumError } from "../../../../packages/core/src/linear-algebra/compensated-sum.ts";
import { triangleLength, triangleRow } from "../../../../packages/core/src/linear-algebra/triangle.ts";
import { error } from "../../../support/compare.ts";
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

describe("two-sum", () => {
  law(
    "a + b = sum + error, exactly",
    fc.tuple(fc.double({ min: -1e100, max: 1e100, noNaN: true }), fc.double({ min: -1e100, max: 1e100, noNaN: true })),
    200,
    ([a, b]) => {
      const rest = twoSumError(a, b, a + b);
      // Exact by integers: every double here is a multiple of 2⁻¹⁰⁷⁴.
      expect(exact(a) + exact(b)).toBe(exact(a + b) + exact(rest));
    },
  );
});

/** A double as an integer multiple of 2⁻¹⁰⁷⁴. */
function exact(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return bits >> 63n === 1n ? -size : size;
}
