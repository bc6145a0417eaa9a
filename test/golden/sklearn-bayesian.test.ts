import {
  type CovarianceType,
  GaussianMixture,
  type Mixture,
  type Posterior,
  type PriorOptions,
  type WeightConcentrationType,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { expandCovariances } from "../../packages/core/src/covariance/public-shapes.ts";
import { resolvedConjugate, runBayes } from "../support/bayes.ts";
import { error, type Nested } from "../support/compare.ts";
import { golden } from "../support/golden.ts";
import { executorOf } from "../support/steps.ts";

interface Data {
  readonly id: string;
  readonly points: number[][];
  readonly startLabels: number[];
}

interface Expected {
  readonly weights: number[];
  readonly means: number[][];
  readonly covariances: Nested;
  readonly meanPrecision: number[];
  /** one number where covariances are tied */
  readonly degreesOfFreedom: number | number[];
  readonly weightConcentration: number[] | number[][];
  readonly lowerBound: number;
}

interface Case {
  readonly data: string;
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly weightConcentrationPriorType: "dirichlet_process" | "dirichlet_distribution";
  readonly regCovar: number;
  /** what was asked for; all else is by default */
  readonly options: {
    readonly weight_concentration_prior?: number;
    readonly mean_precision_prior?: number;
    readonly degrees_of_freedom_prior?: number;
    readonly mean_prior?: number[];
    readonly covariance_prior?: number | number[] | number[][];
  };
  readonly iterates: Record<string, Expected>;
}

interface DefaultCase extends Case {
  /** what was used */
  readonly priors: {
    readonly weightConcentrationPrior: number;
    readonly meanPrecisionPrior: number;
    readonly meanPrior: number[];
    readonly degreesOfFreedomPrior: number;
    readonly covariancePrior: number | number[] | number[][];
  };
  readonly converged: Expected & {
    readonly tol: number;
    readonly nIter: number;
    readonly converged: boolean;
    readonly predictProbaFirst10: number[][];
    readonly scoreSamplesFirst10: number[];
    readonly predict: number[];
  };
}

/** What a plain f64 computation reaches; the file proposes 1e-9, and 1e-5 at convergence. */
const TOLERANCE = 1e-13;
const CONVERGED = 1e-12;

const { data, cases } = golden<{ data: Data[]; cases: DefaultCase[] }>("sklearn-bayesian");
const stated = golden<{ data: Data[]; cases: Case[] }>("sklearn-bayesian-priors");

describe("scikit-learn BayesianGaussianMixture", () => {
  test("the files hold 24 and 8 cases", () => {
    expect([cases.length, stated.cases.length]).toEqual([24, 8]);
  });

  test.each(titled(cases))("%s: the same defaults", async (_, given) => {
    const { points, options } = caseOf(given, 0, 1);
    const prior = await resolvedConjugate(executorOf(points), options);
    const { weightConcentrationPrior, meanPrecisionPrior, meanPrior, degreesOfFreedomPrior } = given.priors;
    expect(prior.weightConcentration).toBe(weightConcentrationPrior);
    expect(prior.meanPrecision).toBe(meanPrecisionPrior);
    expect(prior.degreesOfFreedom).toBe(degreesOfFreedomPrior);
    expect(error(prior.means, meanPrior)).toBeLessThan(TOLERANCE);
    const shape = { components: 1, features: meanPrior.length, covarianceType: given.covarianceType };
    const covariance = expandCovariances({ packedCovariances: prior.scatter.covariance }, shape);
    expect(error(covariance, given.priors.covariancePrior)).toBeLessThan(TOLERANCE);
  });

  test.each(titled([...cases, ...stated.cases]))("%s: iterates", async (_, given) => {
    const taken = Object.keys(given.iterates).map(Number);
    const run = await runCase(given, 0, Math.max(...taken));
    for (const iteration of taken) {
      const expected = given.iterates[iteration];
      expect(errorOf(run.at(iteration), expected)).toBeLessThan(TOLERANCE);
      expect(error(run.lowerBounds[iteration - 1], expected.lowerBound)).toBeLessThan(TOLERANCE);
    }
  });

  test.each(titled(cases))("%s: to convergence", async (_, given) => {
    const { converged: expected } = given;
    const { mixture, iterations, lowerBounds, converged } = await runCase(given, expected.tol, 10_000);
    const { points } = dataOf(given);
    expect(iterations.length).toBe(expected.nIter);
    expect(converged).toBe(expected.converged);
    expect(errorOf(mixture.parameters, expected)).toBeLessThan(CONVERGED);
    expect(error(lowerBounds[expected.nIter - 1], expected.lowerBound)).toBeLessThan(CONVERGED);
    expect(error(mixture.predictProba(points.slice(0, 10)), expected.predictProbaFirst10)).toBeLessThan(CONVERGED);
    expect(error(mixture.logProb(points.slice(0, 10)), expected.scoreSamplesFirst10)).toBeLessThan(CONVERGED);
    expect([...mixture.predict(points)]).toEqual(expected.predict);
  });
});

function dataOf(given: Case): Data {
  const all = "converged" in given ? data : stated.data;
  return all.find(({ id }) => id === given.data) as Data;
}

function runCase(given: Case, tolerance: number, maxIterations: number) {
  return runBayes(caseOf(given, tolerance, maxIterations));
}

function caseOf(given: Case, tolerance: number, maxIterations: number) {
  const { covarianceType, nComponents: components, regCovar, options: asked } = given;
  const { points, startLabels: labels } = dataOf(given);
  const prior: PriorOptions = {
    weightConcentrationType: typeOf(given),
    ...(asked.weight_concentration_prior && { weightConcentration: asked.weight_concentration_prior }),
    ...(asked.mean_precision_prior && { meanPrecision: asked.mean_precision_prior }),
    ...(asked.degrees_of_freedom_prior && { degreesOfFreedom: asked.degrees_of_freedom_prior }),
    ...(asked.mean_prior && { mean: asked.mean_prior }),
    ...(asked.covariance_prior && { covariance: asked.covariance_prior }),
  };
  const regularization = { absolute: regCovar };
  const inference = "variational";
  const options = { components, covarianceType, tolerance, maxIterations, inference, regularization, prior } as const;
  return { points, labels, options };
}

/** Largest error of parameters and posterior against a fixture. */
function errorOf(parameters: Mixture, expected: Expected): number {
  const { weights, means, covariances } = new GaussianMixture(parameters);
  const { weightConcentration, meanPrecision, degreesOfFreedom } = parameters.posterior as Posterior;
  const degrees = [expected.degreesOfFreedom].flat();
  return Math.max(
    error(weights, expected.weights),
    error(means, expected.means),
    error(covariances, expected.covariances),
    error(weightConcentration, expected.weightConcentration),
    error(meanPrecision, expected.meanPrecision),
    error(degreesOfFreedom, degrees.length === 1 ? degreesOfFreedom.map(() => degrees[0]) : degrees),
  );
}

function typeOf({ weightConcentrationPriorType }: Case): WeightConcentrationType {
  return weightConcentrationPriorType === "dirichlet_process" ? "process" : "distribution";
}

function titled<T extends Case>(given: readonly T[]): (readonly [string, T])[] {
  const titleOf = (one: T) => `${one.data} ${one.covarianceType} ${typeOf(one)}${"converged" in one ? "" : ", stated"}`;
  return given.map((one) => [titleOf(one), one]);
}
