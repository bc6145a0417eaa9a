import fc from "fast-check";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { toSingularColumns } from "../../../../packages/core/src/linear-algebra/singular-columns.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { law } from "../../../support/laws.ts";

/** U s and s of a matrix whose columns lie one after the other. */
function decomposed(columns: Float64Array, size: number): { turned: Float64Array; lengths: Float64Array } {
  const turned = columns.slice();
  const lengths = new Float64Array(size);
  toSingularColumns(turned, lengths);
  return { turned, lengths };
}

/** A Aᵀ, row by row. */
function outer(columns: Float64Array, size: number): number[] {
  const entry = (i: number, j: number) => {
    let sum = 0;
    for (let l = 0; l < size; l++) sum += columns[l * size + i] * columns[l * size + j];
    return sum;
  };
  return Array.from({ length: size * size }, (_, at) => entry(Math.floor(at / size), at % size));
}

describe("columns of U s", () => {
  law(
    "are orthogonal, have the same A Aᵀ, and are as long as the singular values",
    fc.record({ size: fc.integer({ min: 1, max: 12 }), seed: fc.nat() }),
    200,
    ({ size, seed }) => {
      const random = randomStream(seed, "columns");
      const columns = Float64Array.from({ length: size * size }, () => random.normal());
      const { turned, lengths } = decomposed(columns, size);
      const scale = Math.max(...lengths) ** 2;
      const before = outer(columns, size);
      outer(turned, size).forEach((value, at) => {
        expect(Math.abs(value - before[at])).toBeLessThan(1e-14 * size * scale);
      });
      const { diagonal } = new SingularValueDecomposition(Matrix.from1DArray(size, size, [...columns]));
      [...lengths]
        .sort((a, b) => b - a)
        .forEach((length, l) => {
          expect(Math.abs(length - diagonal[l])).toBeLessThan(1e-14 * size * diagonal[0]);
        });
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < a; b++) {
          let along = 0;
          for (let i = 0; i < size; i++) along += turned[a * size + i] * turned[b * size + i];
          if (size <= 8) expect(Math.abs(along)).toBeLessThan(4e-15 * lengths[a] * lengths[b]);
        }
      }
    },
  );

  test("a small singular value keeps its digits beside a large one", () => {
    // The product of both is the determinant, 1, and the larger one is (1e20 + √(1e40 + 4)) / 2 apart from the sign of the square.
    const { lengths } = decomposed(Float64Array.of(1, 1e10, 0, 1), 2);
    const [small, large] = [...lengths].sort((a, b) => a - b);
    expect(small * large).toBeCloseTo(1, 15);
    expect(large / 1e10).toBeCloseTo(1, 15);
  });

  test.each([1e-300, 1e300])("at the scale %s as at 1", (scale) => {
    const columns = Float64Array.of(3, 4, -4, 3).map((value) => value * scale);
    expect([...decomposed(columns, 2).lengths].map((length) => length / scale)).toEqual([
      expect.closeTo(5, 14),
      expect.closeTo(5, 14),
    ]);
  });

  test.each([2, 9])("of zeros are zeros: %s columns", (size) => {
    const { turned, lengths } = decomposed(new Float64Array(size * size), size);
    expect([...lengths, ...turned].every((value) => value === 0)).toBe(true);
  });
});
