import { randomStream } from "@emix/core";
import fc from "fast-check";
import { EigenvalueDecomposition, inverse, LuDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { covarianceForm } from "../../../../packages/core/src/covariance/covariance.ts";
import { estimateMatrix } from "../../../../packages/core/src/covariance/estimate.ts";
import { law } from "../../../support/laws.ts";
import { regularizationOf } from "../../../support/regularization.ts";
import { covarianceMatrix } from "../../../support/scenes.ts";

const full = covarianceForm("full");

function floored(matrix: number[], floors: number[], ridge = 0): { covariance: Matrix; changed: number[] } {
  const d = floors.length;
  const packed = full.pack(Float64Array.from(matrix), 1, d);
  const scales = Float64Array.from({ length: d }, (_, j) => Math.max(Math.abs(matrix[j * (d + 1)]), floors[j]));
  const { covariance, factor } = estimateMatrix(packed, null, scales, new Float64Array(d).fill(1e-300));
  const covariances = { packedCovariances: covariance.slice(), factors: factor.slice() };
  const changed = full.regularize(covariances, 1, d, regularizationOf(floors, ridge)).map(({ component }) => component);
  const expanded = full.expandCovariances(covariances.packedCovariances, 1, d);
  return { covariance: Matrix.from1DArray(d, d, [...expanded]), changed };
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
      expect(changed).toEqual(Math.min(...eigenvalues(scaled(scatter, floors))) < 1 ? [0] : []);
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
    expect(changed).toEqual([]);
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
    expect(changed).toEqual([0]);
    const least = Math.min(...eigenvalues(scaled(covariance, [1e-6, 1e-6])));
    expect(Math.abs(least - 1)).toBeLessThan(1e-8);
  });

  test.each([1e-250, 1e-12, 1e12, 1e250])("works at the scale %s", (scale) => {
    const { covariance } = floored([scale, scale, scale, scale], [1e-3 * scale, 1e-3 * scale]);
    expect(eigenvalues(covariance.div(scale))).toEqual([expect.closeTo(1e-3, 12), expect.closeTo(2, 12)]);
  });

  test("a matrix that no double can compare with its floor is left alone", () => {
    const given = { packedCovariances: Float64Array.of(1e300, 0, 1e-300), factors: Float64Array.of(1e-150, 0, 1e150) };
    expect(full.regularize(given, 1, 2, regularizationOf([Number.MIN_VALUE, 1e-299]))).toEqual([]);
    expect([...given.packedCovariances]).toEqual([1e300, 0, 1e-300]);
  });

  test("a direction that is as wide as the floor stands by itself", () => {
    const given = { packedCovariances: Float64Array.of(1, 0, 0.25), factors: Float64Array.of(1, 0, 2) };
    expect(full.regularize(given, 1, 2, regularizationOf([1, 1]))).toEqual([{ component: 0, rank: 1 }]);
    expect(Math.abs(given.packedCovariances[2] - 1)).toBeLessThan(1e-15);
    expect(full.regularize(given, 1, 2, regularizationOf([4, 4]))).toEqual([{ component: 0, rank: 0 }]);
  });

  test("where the trace leaves it open whether a floor binds, and it does not, no bit changes", () => {
    // tr F Σ⁻¹ is 1.1 or so, and the least eigenvalue 1.66
    const given = { packedCovariances: Float64Array.of(1.7, 0.1, 1.9), factors: new Float64Array(3) };
    given.factors.set(full.factorize(given.packedCovariances, 1, 2) as Float64Array);
    given.factors[2] *= 1 + 2 ** -50;
    const before = structuredClone(given);
    expect(full.regularize(given, 1, 2, regularizationOf([1, 1]))).toEqual([]);
    expect(given).toEqual(before);
  });

  test("of several matrices those are told that it changed", () => {
    const given = {
      packedCovariances: Float64Array.of(4, 0, 4, 4, 0, 0.25, 0.25, 0, 0.25),
      factors: Float64Array.of(0.5, 0, 0.5, 0.5, 0, 2, 2, 0, 2),
    };
    expect(full.regularize(given, 3, 2, regularizationOf([1, 1]))).toEqual([
      { component: 1, rank: 1 },
      { component: 2, rank: 0 },
    ]);
    expect([...given.packedCovariances.subarray(0, 3)]).toEqual([4, 0, 4]);
    for (const [i, value] of [4, 0, 1, 1, 0, 1].entries())
      expect(given.packedCovariances[3 + i]).toBeCloseTo(value, 14);
    for (const [i, value] of [0.5, 0, 1, 1, 0, 1].entries()) expect(given.factors[3 + i]).toBeCloseTo(value, 14);
  });

  test("what has no factor even with a ridge is left without one", () => {
    const given = { packedCovariances: Float64Array.of(-5, 0, 1), factors: Float64Array.of(1, 0, 1) };
    full.regularize(given, 1, 2, regularizationOf([0, 0], 2));
    expect([...given.packedCovariances]).toEqual([-3, 0, 3]);
    expect([...given.factors]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const whole = { packedCovariances: Float64Array.of(-1, 0, 14), factors: Float64Array.of(1, 0, 1) };
    full.regularize(whole, 1, 2, regularizationOf([0, 0], 2));
    expect([...whole.factors]).toEqual([1, 0, 0.25]);
  });

  test("what is not finite is not floored", () => {
    const given = { packedCovariances: Float64Array.of(1, 0, 1), factors: Float64Array.of(1, Number.NaN, 1) };
    expect(full.regularize(given, 1, 2, regularizationOf([2, 2]))).toEqual([]);
    expect([...given.packedCovariances]).toEqual([1, 0, 1]);
  });

  test("a ridge is added after the floor, and is no change to warn of", () => {
    const { covariance, changed } = floored([1, 0, 0, 1], [0, 0], 0.5);
    expect([covariance.to1DArray(), changed]).toEqual([[1.5, 0, 0, 1.5], []]);
  });
});

/** Variances, with what 1/σ is of them. */
function withFactors(...variances: number[]) {
  const factors = Float64Array.from(variances, (variance) => 1 / Math.sqrt(variance));
  return { packedCovariances: Float64Array.from(variances), factors };
}

describe("floors of the other types", () => {
  test("diag: feature by feature, naming the components it changed", () => {
    const given = withFactors(1, 0, 2, 3, 4, 0.05);
    expect(covarianceForm("diag").regularize(given, 3, 2, regularizationOf([0.5, 0.1]))).toEqual([
      { component: 0, rank: 1 },
      { component: 2, rank: 1 },
    ]);
    expect([...given.packedCovariances]).toEqual([1, 0.1, 2, 3, 4, 0.1]);
    expect([...given.factors]).toEqual([1, 0.1, 2, 3, 4, 0.1].map((variance) => 1 / Math.sqrt(variance)));
  });

  test("diag: what lies on its floor keeps its bits", () => {
    const given = { packedCovariances: Float64Array.of(0.5, 2), factors: Float64Array.of(3, 4) };
    expect(covarianceForm("diag").regularize(given, 1, 2, regularizationOf([0.5, 0.1]))).toEqual([]);
    expect([...given.factors]).toEqual([3, 4]);
  });

  test("spherical: the largest floor", () => {
    const given = withFactors(1, 0.2);
    const rule = regularizationOf([0.5, 0.1], 0.25);
    expect(covarianceForm("spherical").regularize(given, 2, 2, rule)).toEqual([{ component: 1, rank: 0 }]);
    expect([...given.packedCovariances]).toEqual([1.25, 0.75]);
  });

  test("no floor, no ridge: nothing moves, not even a variance below 0", () => {
    const rule = regularizationOf([0, 0]);
    for (const type of ["diag", "spherical"] as const) {
      const given = withFactors(-1, 0, 1, 2);
      expect(covarianceForm(type).regularize(given, type === "diag" ? 2 : 4, 2, rule)).toEqual([]);
      expect([...given.packedCovariances]).toEqual([-1, 0, 1, 2]);
    }
  });
});
