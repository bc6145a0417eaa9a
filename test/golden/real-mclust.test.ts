import type { CovarianceType } from "@emix/core";
import { describe, expect, test } from "vitest";
import { fromLabels, runEm } from "../support/check-fit.ts";
import { error, flat } from "../support/compare.ts";
import { golden } from "../support/golden.ts";

interface MclustModel {
  readonly loglik: number;
  /** 2·loglik − p·ln n: the negative of ours */
  readonly bic: number;
  readonly nParameters: number;
  readonly weights: number[];
  readonly means: number[][];
}

interface SklearnSameStart {
  readonly tol: number;
  readonly nIter: number;
  readonly loglik: number;
  readonly bic: number;
}

interface MclustSet {
  readonly points: number[][];
  readonly fits: {
    readonly G: number;
    readonly startLabels: number[];
    readonly models: Record<string, { readonly tight: MclustModel; readonly sklearnSameStart?: SklearnSameStart }>;
  }[];
}

/** mclust's names of our four types; E and V are its one-dimensional ones. */
const OUR_TYPES: Readonly<Record<string, readonly CovarianceType[]>> = {
  VVV: ["full"],
  EEE: ["tied"],
  VVI: ["diag"],
  VII: ["spherical"],
  E: ["tied"],
  V: ["full", "diag", "spherical"],
};

/** "tight" stopped at a relative 1e-13, up to 1e-9 short of the optimum that scikit-learn confirms. */
const LOG_LIKELIHOOD = 3e-9;
const AGAINST_SKLEARN = 1e-13;
const MEANS = 1e-5;

const { meta: _, ...sets } = golden<{ sets: Record<string, MclustSet> }>("real-mclust").sets;

const cases = Object.entries(sets).flatMap(([name, { points, fits }]) =>
  fits.flatMap(({ G, startLabels, models }) =>
    Object.entries(models).flatMap(([model, expected]) =>
      (OUR_TYPES[model] ?? []).map((covarianceType) => ({
        title: `${name} ${model},${G} as ${covarianceType}`,
        points,
        components: G,
        startLabels,
        covarianceType,
        ...expected,
      })),
    ),
  ),
);

describe("mclust", () => {
  test("16 models of two or more features and 2 of one are ours", () => {
    expect(cases.length).toBe(16 + 4);
  });

  test.each(cases.map((given) => [given.title, given] as const))("%s", async (_, given) => {
    const { points, components, startLabels, covarianceType, tight, sklearnSameStart } = given;
    const start = fromLabels(points, startLabels, components, covarianceType);
    const { mixture, converged } = await runEm({ points, start, tolerance: 1e-14, maxIterations: 2000 });

    expect(converged).toBe(true);
    expect(mixture.parameterCount).toBe(tight.nParameters);
    const logLikelihood = mixture.score(points) * points.length;
    expect(Math.abs(logLikelihood - tight.loglik)).toBeLessThan(LOG_LIKELIHOOD);
    expect(Math.abs(mixture.bic(points) + tight.bic)).toBeLessThan(2 * LOG_LIKELIHOOD);
    expect(error(mixture.means, flat(tight.means))).toBeLessThan(MEANS);
    expect(error(mixture.weights, tight.weights)).toBeLessThan(MEANS);
    if (sklearnSameStart === undefined) return;
    expect(error(logLikelihood, sklearnSameStart.loglik)).toBeLessThan(AGAINST_SKLEARN);
    expect(error(-mixture.bic(points), sklearnSameStart.bic)).toBeLessThan(AGAINST_SKLEARN);
  });
});
