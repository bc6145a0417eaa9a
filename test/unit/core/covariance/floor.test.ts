import fc from "fast-check";
import { EigenvalueDecomposition, inverse, LuDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { estimateTriangle } from "../../../../packages/core/src/covariance/estimate.ts";
import { regularizeTriangle } from "../../../../packages/core/src/covariance/floor.ts";
import { triangle } from "../../../../packages/core/src/covariance/triangle.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { law } from "../../../support/laws.ts";
import { regularizationOf } from "../../../support/regularization.ts";
import { covarianceMatrix } from "../../../support/scenes.ts";

function floored(matrix: number[], floors: number[], ridge = 0): { covariance: Matrix; changed: boolean } {
  const d = floors.length;
  const sums = triangle.pack(Float64Array.from(matrix), d);
  const least = new Float64Array(d).fill(1e-300);
  const estimated = estimateTriangle({ sums, mass: 1, parts: [], frame: null, least });
  const raised = regularizeTriangle(estimated, regularizationOf(floors, ridge));
  const expanded = triangle.expandCovariance(estimated.covariance, d);
  return { covariance: Matrix.from1DArray(d, d, [...expanded]), changed: raised > 0 };
}

const eigenvalues = (matrix: Matrix) => new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues;

/** F^(−½) A F^(−½) */
function scaled(matrix: Matrix, floors: number[]): Matrix {
  const diagonal = Matrix.diag(floors.map((floor) => 1 / Math.sqrt(floor)));
  return diagonal.mmul(matrix).mmul(diagonal);
}

/** What the M-step maximises: −log|Σ| − tr(Σ⁻¹ S). */
function objective(covariance: Matrix, scatter: Matrix): number {
  return -Math.log(new LuDecomposition(covariance).determinant) - inverse(covariance).mmul(scatter).trace();
}

describe("the floor under a covariance", () => {
  law(
    "is the exact maximum under Σ ⪰ F: no feasible neighbour is better",
    fc.record({ features: fc.integer({ min: 1, max: 4 }), seed: fc.nat(), size: fc.constantFrom(0.01, 1, 3) }),
    150,
    ({ features, seed, size }) => {
      const random = randomStream(seed, "floor");
      const scatter = Matrix.from1DArray(features, features, covarianceMatrix(features, random));
      const floors = Array.from({ length: features }, () => size * (0.2 + random.uniform()));
      const { covariance, changed } = floored(scatter.to1DArray(), floors);
      expect(Math.min(...eigenvalues(scaled(covariance, floors)))).toBeGreaterThan(1 - 1e-12);
      expect(changed).toBe(Math.min(...eigenvalues(scaled(scatter, floors))) < 1);
      const best = objective(covariance, scatter);
      for (let trial = 0; trial < 30; trial++) {
        const other = Matrix.from1DArray(features, features, covarianceMatrix(features, random)).sub(
          Matrix.eye(features),
        );
        const towards = Matrix.add(covariance, Matrix.mul(other, 10 ** -(1 + 3 * random.uniform())));
        const feasible = floored(towards.to1DArray(), floors).covariance;
        expect(objective(feasible, scatter)).toBeLessThanOrEqual(best + 1e-11 * Math.abs(best));
      }
    },
  );

  law("a covariance above the floor keeps its bits", fc.nat(), 50, (seed) => {
    const matrix = covarianceMatrix(3, randomStream(seed, "above"));
    const { covariance, changed } = floored(matrix, [0.01, 0.01, 0.01]);
    expect(changed).toBe(false);
    expect(covariance.to1DArray()).toEqual(matrix.map((_, i) => matrix[Math.max(i, (i % 3) * 3 + Math.floor(i / 3))]));
  });

  law("is monotone: a higher floor, a larger covariance", fc.nat(), 50, (seed) => {
    const matrix = covarianceMatrix(3, randomStream(seed, "monotone"));
    let previous = floored(matrix, [0.1, 0.1, 0.1]).covariance;
    for (const floor of [0.3, 0.5, 1, 3]) {
      const next = floored(matrix, [floor, floor, floor]).covariance;
      expect(Math.min(...eigenvalues(Matrix.sub(next, previous)))).toBeGreaterThan(-1e-12);
      previous = next;
    }
  });

  law("applied twice it changes nothing more than rounding", fc.nat(), 50, (seed) => {
    const matrix = covarianceMatrix(3, randomStream(seed, "twice"));
    const once = floored(matrix, [0.5, 1, 0.2]).covariance;
    const twice = floored(once.to1DArray(), [0.5, 1, 0.2]).covariance;
    expect(Matrix.sub(twice, once).norm()).toBeLessThan(1e-13);
  });

  test.each([
    ["zero", [0, 0, 0, 0]],
    ["singular", [1, 1, 1, 1]],
    ["negative by rounding", [1, 1, 1, 1 - 1e-15]],
    ["a little negative", [-1e-20, 0, 0, 1]],
  ])("a matrix that is %s comes out definite, on the floor", (_, matrix) => {
    const { covariance, changed } = floored(matrix, [1e-6, 1e-6]);
    expect(changed).toBe(true);
    const least = Math.min(...eigenvalues(scaled(covariance, [1e-6, 1e-6])));
    expect(Math.abs(least - 1)).toBeLessThan(1e-8);
  });

  test.each([1e-250, 1e-12, 1e12, 1e250])("works at the scale %s", (scale) => {
    const { covariance } = floored([scale, scale, scale, scale], [1e-3 * scale, 1e-3 * scale]);
    expect(eigenvalues(covariance.div(scale))).toEqual([expect.closeTo(1e-3, 12), expect.closeTo(2, 12)]);
  });

  test("a matrix that no double can compare with its floor is left alone", () => {
    const given = { covariance: Float64Array.of(1e300, 0, 1e-300), factor: Float64Array.of(1e-150, 0, 1e150) };
    expect(regularizeTriangle(given, regularizationOf([Number.MIN_VALUE, 1e-299]))).toBe(0);
    expect([...given.covariance]).toEqual([1e300, 0, 1e-300]);
  });

  test("a direction that is as wide as the floor stands by itself", () => {
    const given = { covariance: Float64Array.of(1, 0, 0.25), factor: Float64Array.of(1, 0, 2) };
    expect(regularizeTriangle(given, regularizationOf([1, 1]))).toBe(1);
    expect(Math.abs(given.covariance[2] - 1)).toBeLessThan(1e-15);
    expect(regularizeTriangle(given, regularizationOf([4, 4]))).toBe(2);
  });

  test("where the trace leaves it open whether a floor binds, and it does not, no bit changes", () => {
    // tr F Σ⁻¹ is 1.1 or so, and the least eigenvalue 1.66
    const given = { covariance: Float64Array.of(1.7, 0.1, 1.9), factor: new Float64Array(3) };
    given.factor.set(triangle.factorize(given.covariance, 2) as Float64Array);
    given.factor[2] *= 1 + 2 ** -50;
    const before = structuredClone(given);
    expect(regularizeTriangle(given, regularizationOf([1, 1]))).toBe(0);
    expect(given).toEqual(before);
  });

  test("what has no factor even with a ridge is left without one", () => {
    const given = { covariance: Float64Array.of(-5, 0, 1), factor: Float64Array.of(1, 0, 1) };
    regularizeTriangle(given, regularizationOf([0, 0], 2));
    expect([...given.covariance]).toEqual([-3, 0, 3]);
    expect([...given.factor]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const whole = { covariance: Float64Array.of(-1, 0, 14), factor: Float64Array.of(1, 0, 1) };
    regularizeTriangle(whole, regularizationOf([0, 0], 2));
    expect([...whole.factor]).toEqual([1, 0, 0.25]);
  });

  test("what is not finite is not floored", () => {
    const given = { covariance: Float64Array.of(1, 0, 1), factor: Float64Array.of(1, Number.NaN, 1) };
    expect(regularizeTriangle(given, regularizationOf([2, 2]))).toBe(0);
    expect([...given.covariance]).toEqual([1, 0, 1]);
  });

  test("a ridge is added after the floor, and is no change to warn of", () => {
    const { covariance, changed } = floored([1, 0, 0, 1], [0, 0], 0.5);
    expect([covariance.to1DArray(), changed]).toEqual([[1.5, 0, 0, 1.5], false]);
  });
});
