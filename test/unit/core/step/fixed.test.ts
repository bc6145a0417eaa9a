import {
  COVARIANCE_TYPES,
  type CovarianceType,
  type FitOptions,
  fit,
  GaussianMixture,
  resolveFitOptions,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { expectFailure } from "../../../support/failures.ts";
import { mixtureOf } from "../../../support/scenes.ts";
import { executorsBy } from "../../../support/steps.ts";

const executorOf = executorsBy("reference");
const [components, features] = [3, 2];

const random = randomStream(2, "fixed");
const points = Array.from({ length: 300 }, (_, i) => [
  4 * (i % 3) + random.normal(),
  2 * (i % 3) + random.normal() * (1 + (i % 3)),
]);
const weights = points.map((_, i) => 1 + (i % 2));

/** Groups that overlap, so that plain EM is slow. */
const overlapping = points.map(([x, y], i) => [x - 2.5 * (i % 3), y - (i % 3)]);

async function fitted(start: GaussianMixture, options: Partial<FitOptions>, of = points) {
  const all = { components, covarianceType: start.covarianceType, initialization: start, tolerance: 0, ...options };
  const steps = fit(executorOf(of, weights), resolveFitOptions(all));
  let next = await steps.next();
  while (!next.done) next = await steps.next();
  return { ...next.value, mixture: new GaussianMixture(next.value.mixture) };
}

const startOf = (type: CovarianceType) => mixtureOf(type, components, features, randomStream(7, type));

/** What is fixed has the bits of the start, and the rest has others. */
function requireKept(mixture: GaussianMixture, start: GaussianMixture, fixed: object): void {
  const kept = (part: "means" | "weights", c: number) => {
    const flags = (fixed as { [name: string]: boolean | number[] })[part] ?? false;
    return flags === true || (Array.isArray(flags) && flags.includes(c));
  };
  for (let c = 0; c < components; c++) {
    if (kept("weights", c)) expect(mixture.weights[c]).toBe(start.weights[c]);
    else expect(mixture.weights[c]).not.toBe(start.weights[c]);
    const mean = (of: GaussianMixture) => [...of.means.subarray(c * features, (c + 1) * features)];
    if (kept("means", c)) expect(mean(mixture)).toEqual(mean(start));
    else expect(mean(mixture)).not.toEqual(mean(start));
  }
  if ("covariances" in fixed) {
    const isTied = start.covarianceType.startsWith("tied");
    const size = start.covariances.length / (isTied ? 1 : components);
    const at = isTied ? 0 : size;
    expect(mixture.covariances.subarray(at, at + size)).toEqual(start.covariances.subarray(at, at + size));
  }
  expect(mixture.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
}

/** Σ w r (x − μ)_i (x − μ)_j / Σ w r of a component about a mean, for responsibilities of the start. */
function covarianceAbout(start: GaussianMixture, means: ArrayLike<number>, of: readonly number[]): number[][] {
  const shares = start.predictProba(points);
  let mass = 0;
  const sums = [
    [0, 0],
    [0, 0],
  ];
  points.forEach((point, p) => {
    for (const c of of) {
      const share = weights[p] * shares[p * components + c];
      mass += share;
      for (const i of [0, 1]) {
        for (const j of [0, 1]) {
          sums[i][j] += share * (point[i] - means[c * 2 + i]) * (point[j] - means[c * 2 + j]);
        }
      }
    }
  });
  return sums.map((row) => row.map((value) => value / mass));
}

describe.each(COVARIANCE_TYPES)("parts that are fixed, %s", (type) => {
  const start = startOf(type);

  test("keep every bit, and the bound never falls", async () => {
    const own = type.startsWith("tied") ? true : [1];
    for (const fixed of [{ means: [0, 2] }, { weights: [1] }, { covariances: own }, { means: true, weights: [0] }]) {
      const { mixture, history } = await fitted(start, { fixed, maxIterations: 8 });
      requireKept(mixture, start, fixed);
      for (let i = 1; i < history.length; i++) expect(history[i]).toBeGreaterThan(history[i - 1] - 1e-12);
    }
  });

  test("leave covariances about the means that are kept", async () => {
    const { mixture } = await fitted(start, { fixed: { means: true }, maxIterations: 1, regularization: 0 });
    const groups = type.startsWith("tied") ? [[0, 1, 2]] : [[0], [1], [2]];
    groups.forEach((group, g) => {
      const right = covarianceAbout(start, start.means, group);
      const expected = {
        full: right.flat(),
        tied: right.flat(),
        diag: [right[0][0], right[1][1]],
        "tied-diag": [right[0][0], right[1][1]],
        spherical: [(right[0][0] + right[1][1]) / 2],
        "tied-spherical": [(right[0][0] + right[1][1]) / 2],
      }[type];
      expected.forEach((value, i) => {
        expect(mixture.covariances[g * expected.length + i] / value).toBeCloseTo(1, 11);
      });
    });
  });

  test("keep every bit on longer steps too, which end where plain EM stays", async () => {
    const options = { components, covarianceType: type, initialization: "k-means++", maxIterations: 1 } as const;
    const { mixture: begun } = await fitted(start, { ...options, schedule: "full" }, overlapping);
    const own = type.startsWith("tied") ? true : [1];
    for (const fixed of [{ means: [0, 2] }, { weights: [1] }, { covariances: own }, { means: [1], weights: [0] }]) {
      const toTheEnd = { fixed, tolerance: 1e-10, maxIterations: 3000 } as const;
      const plain = await fitted(begun, { ...toTheEnd, acceleration: "none" }, overlapping);
      const longer = await fitted(begun, { ...toTheEnd, acceleration: "lbfgs" }, overlapping);
      requireKept(longer.mixture, begun, fixed);
      const more = { fixed, acceleration: "none", maxIterations: 50 } as const;
      const after = await fitted(longer.mixture, more, overlapping);
      expect(after.lowerBound - longer.lowerBound).toBeLessThan(1e-8);
      expect(longer.iterations).toBeLessThan(plain.iterations);
      for (let i = 1; i < longer.history.length; i++)
        expect(longer.history[i]).toBeGreaterThan(longer.history[i - 1] - 1e-12);
    }
  });

  test("all of them: nothing moves", async () => {
    const { mixture } = await fitted(start, {
      fixed: { means: true, weights: true, covariances: true },
      maxIterations: 3,
    });
    expect(mixture.parameters.means).toEqual(start.parameters.means);
    expect(mixture.parameters.packedCovariances).toEqual(start.parameters.packedCovariances);
    expect(mixture.parameters.weights).toEqual(start.parameters.weights);
  });
});

describe("what can be fixed", () => {
  const initialization = startOf("full");
  test.each<[object, string]>([
    [
      { fixed: { means: true } },
      "Expected `fixed` to be left out, or given with a mixture of as many components to start from",
    ],
    [{ initialization, components: 4, fixed: {} }, "given with a mixture of as many components to start from"],
    [{ initialization, inference: "variational", fixed: {} }, 'left out when `inference` is "variational"'],
    [{ initialization, emptyComponent: "drop", fixed: {} }, "`emptyComponent`"],
    [{ initialization, fixed: { mean: true } }, "Did you mean `means`?"],
    [{ initialization, fixed: { means: [3] } }, "an integer from 0 to 2"],
    [{ initialization, fixed: { means: 1 } }, "an array of components, counted from 0"],
    [{ initialization: startOf("tied"), fixed: { covariances: [0] } }, "that share one covariance"],
  ])("%#", (options, message) => {
    const error = expectFailure(
      () => resolveFitOptions({ components: 3, ...options } as FitOptions),
      "mean" in ((options as { fixed: object }).fixed ?? {}) ? "UNKNOWN_OPTION" : "INVALID_OPTION",
      /./,
    );
    expect(error.message).toContain(message);
  });
});
