import { type CovarianceType, GaussianMixture } from "@emix/core";
import { inverse, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { type ExpectedParameters, parameterError, runEm } from "../support/check-fit.ts";
import { error, flat } from "../support/compare.ts";
import { golden } from "../support/golden.ts";

interface SklearnData {
  readonly id: string;
  readonly points: number[][];
  readonly integerWeights: number[];
}

interface Converged extends ExpectedParameters {
  readonly tol: number;
  readonly nIter: number;
  readonly lowerBound: number;
  readonly bic: number;
  readonly aic: number;
  /** absent from weighted cases, as are all that follow */
  readonly converged?: boolean;
  readonly lowerBounds?: number[];
  readonly scoreMean?: number;
  readonly scoreSamplesFirst20?: number[];
  readonly predictProbaFirst10?: number[][];
  readonly predict?: number[];
  readonly nParameters?: number;
}

interface SklearnCase {
  readonly data: string;
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly regCovar: number;
  readonly init: { readonly weights: number[]; readonly means: number[][]; readonly precisions: Precisions };
  /** integer weights stand for replicated rows */
  readonly weighted?: string;
  readonly iterates: Record<string, ExpectedParameters>;
  readonly lowerBoundsTol0?: number[] | null;
  readonly converged: Converged[];
}

type Precisions = number[] | number[][] | number[][][];

/** What a plain f64 EM reaches is 1e-13; required is 1e-11. */
const TOLERANCE = 2e-13;

const { data, cases } = golden<{ data: SklearnData[]; cases: SklearnCase[] }>("sklearn-gmm");

describe("scikit-learn GaussianMixture", () => {
  test("the file holds 96 cases, 24 of them weighted", () => {
    expect(cases.length).toBe(96);
    expect(cases.filter(({ weighted }) => weighted !== undefined).length).toBe(24);
  });

  test.each(cases.map((given) => [titleOf(given), given] as const))("%s: iterates", async (_, given) => {
    const { points, pointWeights } = dataOf(given);
    const taken = Object.keys(given.iterates).map(Number);
    const maxIterations = Math.max(...taken, given.lowerBoundsTol0?.length ?? 0);
    const run = await runEm({ points, pointWeights, start: startOf(given), ridge: given.regCovar, maxIterations });
    for (const iteration of taken) {
      expect(parameterError(run.at(iteration), given.iterates[iteration])).toBeLessThan(TOLERANCE);
    }
    if (given.lowerBoundsTol0) expect(error(run.lowerBounds, given.lowerBoundsTol0)).toBeLessThan(TOLERANCE);
  });

  test.each(cases.map((given) => [titleOf(given), given] as const))("%s: to convergence", async (_, given) => {
    const { points, pointWeights } = dataOf(given);
    const start = startOf(given);
    for (const expected of given.converged) {
      const { tol: tolerance, nIter } = expected;
      const run = await runEm({ points, pointWeights, start, ridge: given.regCovar, tolerance, maxIterations: 10_000 });
      const { mixture } = run;
      expect(run.iterations.length).toBe(nIter);
      expect(run.converged).toBe(true);
      expect(parameterError(mixture, expected)).toBeLessThan(TOLERANCE);
      expect(error(run.lowerBounds[nIter - 1], expected.lowerBound)).toBeLessThan(TOLERANCE);
      expect(error(mixture.bic(points, pointWeights ? { pointWeights } : {}), expected.bic)).toBeLessThan(TOLERANCE);
      expect(error(mixture.aic(points, pointWeights ? { pointWeights } : {}), expected.aic)).toBeLessThan(TOLERANCE);
      if (expected.lowerBounds) checkUnweighted(run.lowerBounds, mixture, points, expected);
    }
  });
});

function checkUnweighted(bounds: number[], mixture: GaussianMixture, points: number[][], expected: Converged): void {
  const { lowerBounds, scoreMean, scoreSamplesFirst20, predictProbaFirst10, predict, nParameters } =
    expected as Required<Converged>;
  expect(error(bounds, lowerBounds)).toBeLessThan(TOLERANCE);
  expect(error(mixture.score(points), scoreMean)).toBeLessThan(TOLERANCE);
  expect(error(mixture.logProb(points.slice(0, 20)), scoreSamplesFirst20)).toBeLessThan(TOLERANCE);
  expect(error(mixture.predictProba(points.slice(0, 10)), predictProbaFirst10)).toBeLessThan(TOLERANCE);
  expect([...mixture.predict(points)]).toEqual(predict);
  expect(mixture.parameterCount).toBe(nParameters);
}

function dataOf({ data: id, weighted }: SklearnCase): { points: number[][]; pointWeights?: number[] } {
  const { points, integerWeights } = data.find((entry) => entry.id === id) as SklearnData;
  return weighted === undefined ? { points } : { points, pointWeights: integerWeights };
}

function startOf({ covarianceType, init }: SklearnCase): GaussianMixture {
  const { weights, means, precisions } = init;
  return GaussianMixture.fromParameters({
    weights,
    means,
    covariances: inverted(precisions, covarianceType),
    covarianceType,
  });
}

function inverted(precisions: Precisions, covarianceType: CovarianceType): number[] {
  const invert = (matrix: number[][]) => inverse(new Matrix(matrix)).to1DArray();
  if (covarianceType === "full") return (precisions as number[][][]).flatMap(invert);
  if (covarianceType === "tied") return invert(precisions as number[][]);
  return flat(precisions).map((value) => 1 / value);
}

function titleOf({ data: id, covarianceType, regCovar, weighted }: SklearnCase): string {
  return `${id} ${covarianceType} regCovar ${regCovar}${weighted === undefined ? "" : " weighted"}`;
}
