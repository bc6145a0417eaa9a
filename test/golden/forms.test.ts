import { readFileSync } from "node:fs";
import { type CovarianceType, createEngine, GaussianMixture, type KernelChoice } from "emix";
import { describe, expect, test } from "vitest";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";

/** mclust's names of the types that emix has. */
const FORMS: Readonly<Record<string, CovarianceType>> = {
  VVV: "full",
  EEE: "tied",
  VVI: "diag",
  VII: "spherical",
  EEI: "tied-diag",
  EII: "tied-spherical",
};

interface Golden {
  readonly data: readonly GoldenData[];
  readonly cases: readonly {
    readonly data: string;
    readonly form: string;
    readonly covarianceParameters: number;
    readonly expected1: Truth;
    readonly expected5: Truth;
    readonly meanLogLikelihoodAfterEachStep: readonly number[];
  }[];
}

interface GoldenData {
  readonly id: string;
  readonly points: readonly number[][];
  readonly pointWeights: readonly number[] | null;
  readonly start: { readonly weights: number[]; readonly means: number[][]; readonly variance: number };
}

/** covariances: a full matrix for each component, whatever the form */
interface Truth {
  readonly weights: readonly number[];
  readonly means: readonly number[][];
  readonly meansResidual?: readonly number[][];
  readonly covariances: readonly number[][][];
}

const golden: Golden = JSON.parse(readFileSync(new URL("./forms.json", import.meta.url), "utf8"));
const cases = golden.cases.flatMap((given) => {
  const type = FORMS[given.form];
  const data = golden.data.find(({ id }) => id === given.data) as GoldenData;
  return type === undefined ? [] : [{ ...given, type, of: data }];
});

/** The start of every form: variance · I, in the public shape of the type. */
function startOf({ type, of: { start, points } }: (typeof cases)[number]): GaussianMixture {
  const features = points[0].length;
  const { matrix, shared } = covarianceRow(type);
  const one = {
    triangle: Array.from({ length: features ** 2 }, (_, i) => (i % (features + 1) === 0 ? start.variance : 0)),
    diagonal: new Array<number>(features).fill(start.variance),
    scalar: [start.variance],
  }[matrix];
  const covariances = shared ? one : start.weights.flatMap(() => one);
  return GaussianMixture.fromParameters({ ...start, covariances, covarianceType: type });
}

/** The greatest error of means and variances in standard deviations and variances, and of weights. */
function worstError(mixture: GaussianMixture, truth: Truth): number {
  const { features, means, meansResidual, variances, weights } = mixture;
  let worst = 0;
  truth.weights.forEach((weight, c) => {
    worst = Math.max(worst, Math.abs(weights[c] - weight));
    for (let j = 0; j < features; j++) {
      const at = c * features + j;
      const variance = truth.covariances[c][j][j];
      const moved = means[at] - truth.means[c][j] + (meansResidual[at] - (truth.meansResidual?.[c][j] ?? 0));
      worst = Math.max(worst, Math.abs(moved) / Math.sqrt(variance), Math.abs(variances[at] / variance - 1));
    }
  });
  return worst;
}

describe.each<KernelChoice>(["reference", "simd", "simd256"])("covariance types by 60-digit EM, %s", (kernel) => {
  test.each(cases.map((given) => [given.form, given.data, given] as const))("%s of %s", async (_form, _data, given) => {
    const { points, pointWeights } = given.of;
    const weights = pointWeights === null ? {} : { pointWeights };
    await using engine = await createEngine({ threads: 1, kernel, offThread: false });
    const start = startOf(given);
    expect(start.parameterCount - (start.components - 1) - start.components * start.features).toBe(
      given.covarianceParameters,
    );
    for (const [steps, truth] of [
      [1, given.expected1],
      [5, given.expected5],
    ] as const) {
      const mixture = await engine.fitModelEm(points, { ...weights, mixture: start, steps });
      const logLikelihood = given.meanLogLikelihoodAfterEachStep[steps - 1];
      expect(worstError(mixture, truth)).toBeLessThan(2e-15);
      expect(Math.abs(mixture.score(points, weights) / logLikelihood - 1)).toBeLessThan(2e-15);
    }
  });
});
