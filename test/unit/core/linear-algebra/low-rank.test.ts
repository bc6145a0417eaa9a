import { describe, expect, test } from "vitest";
import { cholesky, invertTriangle, multiplyTriangles } from "../../../../packages/core/src/linear-algebra/cholesky.ts";
import {
  aboveFloor,
  directionsOf,
  rankOfColumns,
  shows,
  traceOf,
} from "../../../../packages/core/src/linear-algebra/few-directions.ts";
import {
  inverseRootOf,
  lowRankColumns,
  outerOf,
  quadraticForm,
  rootOfGram,
  solveTriangle,
} from "../../../../packages/core/src/linear-algebra/low-rank.ts";
import { triangleRow } from "../../../../packages/core/src/linear-algebra/triangle.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";

function someColumns(features: number, rank: number, seed = "columns"): Float64Array[] {
  const random = randomStream(seed, `${features} ${rank}`);
  return Array.from({ length: rank }, () => Float64Array.from({ length: features }, () => random.normal()));
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 10): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) expect(actual[i]).toBeCloseTo(expected[i], digits);
}

const filled = (features: number, value: number) => new Float64Array(features).fill(value);

describe.each([
  [5, 1],
  [9, 4],
  [12, 7],
  [40, 6],
])("D + G Gᵀ of %d features and %d directions", (features, rank) => {
  const columns = someColumns(features, rank);
  const diagonal = Float64Array.from({ length: features }, (_, j) => 0.5 + (j % 3));
  const sum = outerOf(columns, diagonal);

  test("its factor is the inverse of the Cholesky factor", () => {
    const root = cholesky(sum, features) as Float64Array;
    expectClose(inverseRootOf(columns, diagonal), invertTriangle(root, features));
  });

  test("on a thin diagonal, its factor still whitens what spans it", () => {
    const factor = inverseRootOf(columns, filled(features, 1e-13));
    // Gᵀ (D + G Gᵀ)⁻¹ G = I but for what D adds
    const whitened = columns.map((column) => {
      return Float64Array.from(column, (_, i) => {
        let value = 0;
        for (let j = 0; j <= i; j++) value += factor[triangleRow(i) + j] * column[j];
        return value;
      });
    });
    whitened.forEach((a, i) => {
      whitened.forEach((b, j) => {
        expect(a.reduce((all, value, l) => all + value * b[l], 0)).toBeCloseTo(Number(i === j), 7);
      });
    });
  });

  test("its directions are found again beside the diagonal", () => {
    const some = { tolerance: filled(features, 1e-12), scale: filled(features, 1) };
    const found = lowRankColumns(sum, { ...some, base: diagonal, most: rank });
    expectClose(outerOf(found as Float64Array[], diagonal), sum);
    expect(lowRankColumns(sum, { ...some, base: diagonal, most: rank - 1 })).toBe(null);
  });

  test("tr((D + G Gᵀ)⁻¹ Σ) and vᵀ Σ v", () => {
    const other = outerOf(someColumns(features, 2, "other"), filled(features, 0.25));
    const factor = invertTriangle(cholesky(sum, features) as Float64Array, features);
    const whitened = multiplyTriangles(factor, cholesky(other, features) as Float64Array, features);
    expect(traceOf(columns, diagonal, other)).toBeCloseTo(
      whitened.reduce((all, value) => all + value * value, 0),
      9,
    );
    const ones = filled(features, 1);
    expect(quadraticForm(sum, ones)).toBeCloseTo(
      diagonal.reduce((all, value) => all + value, 0) +
        columns.reduce((all, column) => all + column.reduce((s, value) => s + value, 0) ** 2, 0),
      9,
    );
  });

  test("a factor solves for columns", () => {
    const root = cholesky(sum, features) as Float64Array;
    const unit = Array.from({ length: features }, (_, j) => filled(features, 0).fill(1, j, j + 1));
    solveTriangle(root, unit);
    const inverse = invertTriangle(root, features);
    unit.forEach((column, j) => {
      column.forEach((value, i) => {
        expect(value).toBeCloseTo(j > i ? 0 : inverse[triangleRow(i) + j], 10);
      });
    });
  });
});

describe("directions against a floor", () => {
  const features = 8;
  /** Orthogonal directions of lengths s. */
  const along = (...lengths: number[]) => lengths.map((length, l) => filled(features, 0).fill(length, l, l + 1));

  test.each([
    [
      [3, 2],
      [8, 3],
    ],
    [[3, 1, 0.5], [8]],
    [[0.5], []],
  ])("of %j, those above 1 keep what exceeds it", (lengths, left) => {
    const above = aboveFloor(along(...lengths), filled(features, 1));
    expect(above).toHaveLength(left.length);
    const expected = outerOf(
      [],
      Float64Array.from({ length: features }, (_, j) => left[j] ?? 0),
    );
    expectClose(outerOf(above, filled(features, 0)), expected);
    expect(rankOfColumns(along(...lengths), filled(features, 1))).toBe(left.length);
  });

  test("a direction that Gᵀ G would lose beside a wide one is kept", () => {
    const [wide, thin] = [filled(features, 1e9), filled(features, 1e9)];
    thin[0] += 4;
    const root = rootOfGram([wide.slice(), thin.slice()]);
    expect(root[2]).toBeCloseTo(4 * Math.sqrt(1 - 1 / features), 6);
    expect(rankOfColumns([wide, thin], filled(features, 1))).toBe(2);
  });

  test("are looked for in many features only, and count up to a share", () => {
    const [few, many] = [64, 80];
    const covariance = (size: number) => outerOf(someColumns(size, 5), filled(size, 0));
    const look = (size: number, share: number) => directionsOf(covariance(size), { least: filled(size, 0), share });
    expect(look(few, 1)).toBe(null);
    expect(look(many, 1 / 2)).toHaveLength(5);
    expect(look(many, 1 / 20)).toBe(null);
  });

  test("what doubles show beside a variance", () => {
    const covariance = outerOf([], filled(features, 1));
    expect(shows(covariance, filled(features, 1e-12))).toBe(true);
    expect(shows(covariance, filled(features, 1e-16))).toBe(false);
  });
});
