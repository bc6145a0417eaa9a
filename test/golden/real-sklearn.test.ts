import type { CovarianceType } from "@emix/core";
import { describe, expect, test } from "vitest";
import { type ExpectedParameters, fromLabels, parameterError, runEm } from "../support/check-fit.ts";
import { error } from "../support/compare.ts";
import { golden } from "../support/golden.ts";

interface RealFit extends ExpectedParameters {
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly regCovar: number;
  readonly tol: number;
  readonly nIter: number;
  readonly converged: boolean;
  readonly totalLogLikelihood: number;
  readonly lowerBound: number;
  readonly bic: number;
  readonly aic: number;
  readonly nParameters: number;
  readonly labels: number[];
}

interface RealSet {
  readonly name: string;
  readonly points: number[][];
  readonly startLabels: number[];
  readonly fits: RealFit[];
}

/** Log-likelihoods: required 1e-12, a plain EM 2e-14. Parameters of breast cancer (condition 1e9): 3e-12. */
const TOLERANCE = 5e-14;
const PARAMETERS = 2e-11;

const { sets } = golden<{ sets: RealSet[] }>("real-sklearn");

describe.each(sets.map((set) => [set.name, set] as const))("scikit-learn on %s", (_, { points, startLabels, fits }) => {
  test.each(fits.map((fit) => [`${fit.covarianceType}, tolerance ${fit.tol}`, fit] as const))("%s", async (_, fit) => {
    const { covarianceType, nComponents, regCovar: ridge, tol: tolerance } = fit;
    const start = fromLabels(points, startLabels, nComponents, covarianceType, ridge);
    const { mixture, lowerBounds, converged } = await runEm({ points, start, ridge, tolerance, maxIterations: 10_000 });

    expect(lowerBounds.length).toBe(fit.nIter);
    expect(converged).toBe(fit.converged);
    expect([...mixture.predict(points)]).toEqual(fit.labels);
    expect(mixture.parameterCount).toBe(fit.nParameters);
    expect(error(lowerBounds[fit.nIter - 1], fit.lowerBound)).toBeLessThan(TOLERANCE);
    expect(error(mixture.score(points) * points.length, fit.totalLogLikelihood)).toBeLessThan(TOLERANCE);
    expect(error(mixture.bic(points), fit.bic)).toBeLessThan(TOLERANCE);
    expect(error(mixture.aic(points), fit.aic)).toBeLessThan(TOLERANCE);
    expect(parameterError(mixture, fit)).toBeLessThan(PARAMETERS);
  });
});
