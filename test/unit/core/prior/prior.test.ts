import {
  type Executor,
  em,
  type FitOptions,
  fit,
  GaussianMixture,
  type Pass,
  type PriorOptions,
  randomStream,
  regularizationFor,
  resolveFitOptions,
  startFrom,
  summarize,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { densityLayout } from "../../../../packages/core/src/density.ts";
import { priorFor } from "../../../../packages/core/src/prior/prior.ts";
import { runBayes } from "../../../support/bayes.ts";
import { error } from "../../../support/compare.ts";
import { minus, ofDouble, plus, type Rational, ratio, times } from "../../../support/exact.ts";
import { expectRejection } from "../../../support/failures.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";
import { executorOf } from "../../../support/steps.ts";

const points = [
  [1, 10],
  [2, 30],
  [4, 20],
  [9, 60],
];

async function resolved(executor: Executor, options: FitOptions) {
  const all = resolveFitOptions(options);
  const summary = await summarize(executor);
  const prior = await priorFor(executor, all, summary, regularizationFor(all, summary));
  if (prior === undefined) throw new Error("there is a prior");
  return prior;
}

async function fitted(executor: Executor, options: FitOptions) {
  const steps = fit(executor, resolveFitOptions(options));
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

/** The executor, with every E-step counted, and done without the rule of zero if so asked. */
function seen(executor: Executor, ruleOfZero = true) {
  let passes = 0;
  const run: Executor["run"] = (pass: Pass, consume) => {
    if (pass.kind !== "expectation") return executor.run(pass, consume);
    passes += 1;
    const parameters = pass.parameters.slice();
    const { components, features, covarianceType } = pass.program.shape;
    const { zeroThresholds, pivots } = densityLayout(components, features, covarianceType);
    if (!ruleOfZero) parameters.fill(1e301, zeroThresholds, pivots);
    return executor.run({ ...pass, parameters }, consume);
  };
  return { executor: { ...executor, run }, passes: () => passes };
}

describe("a prior by default", () => {
  const [xx, xy, yy] = [38 / 3, 70, 1400 / 3];

  test.each([
    ["full", [xx, xy, yy]],
    ["tied", [xx, xy, yy]],
    ["diag", [xx, yy]],
    ["spherical", [(xx + yy) / 2]],
  ] as const)("%s: mean and covariance of the points, divided by n − 1", async (covarianceType, expected) => {
    const variational = { components: 3, covarianceType, inference: "variational" } as const;
    const prior = await resolved(executorOf(points), variational);
    expect(prior).toMatchObject({ weightConcentration: 1 / 3, meanPrecision: 1, degreesOfFreedom: 2 });
    expect(prior.weightConcentrationType).toBe("process");
    expect(error(prior.means, [4, 30])).toBeLessThan(1e-15);
    expect(error(prior.covariances.packedCovariances, expected)).toBeLessThan(1e-15);
    const mode = await resolved(executorOf(points), { components: 3, covarianceType, prior: {} });
    expect(mode).toMatchObject({ weightConcentration: 1, meanPrecision: 0.01, degreesOfFreedom: 4 });
    const third = expected.map((value) => value / 3);
    expect(error(mode.covariances.packedCovariances, third)).toBeLessThan(1e-15);
  });

  test("counts weights as copies", async () => {
    const options = { components: 1, inference: "variational" } as const;
    const prior = await resolved(executorOf(points.slice(0, 2), [1, 2]), options);
    expect(error(prior.means, [5 / 3, 70 / 3])).toBeLessThan(1e-15);
    expect(error(prior.covariances.packedCovariances, [1 / 3, 20 / 3, 400 / 3])).toBeLessThan(1e-15);
  });

  test("of points that hardly weigh anything is an error", async () => {
    await expectRejection(
      resolved(executorOf(points, [0.25, 0.25, 0.25, 0.25]), { components: 1, inference: "variational" }),
      "INVALID_OPTION",
      "Expected `prior.covariance` to be given for points of a total weight up to 1, got undefined.",
    );
  });

  test.each([
    ["collinear", [4, 4, 3, 2].map((x) => [x, 3 * x])],
    ["constant in a feature", points.map(([x]) => [x, 7])],
  ])("of points that are %s is as singular as they are", async (_what, line) => {
    const unfloored = { components: 1, inference: "variational", regularization: 0 } as const;
    const prior = await resolved(executorOf(line), unfloored);
    expect(prior.singular).toBe(true);
    await expectRejection(fitted(executorOf(line), unfloored), "COLLAPSED_COMPONENT", /rank 1/);
    const { warnings } = await fitted(executorOf(line), { components: 1, inference: "variational" });
    expect(warnings.map(({ code }) => code)).toContain("COLLAPSED_COMPONENT");
  });
});

test("a ridge is added to the points' covariance, once, and not to the prior's", async () => {
  const prior = { mean: [4, 30], covariance: [1, 0, 0, 2], degreesOfFreedom: 3, meanPrecision: 1 };
  const options = { components: 1, inference: "variational", regularization: { absolute: 10 }, prior } as const;
  const { mixture } = await fitted(executorOf(points), options);
  const expected = [38 + 4 * 10 + 1, 210, 1400 + 4 * 10 + 2].map((sum) => sum / 7);
  expect(error(mixture.packedCovariances, expected)).toBeLessThan(1e-14);
});

test("fewer points than features are measured once, for the prior is no less sure", async () => {
  const few = [
    [1, 2, 3],
    [2, 7, 1],
  ];
  const prior = { mean: [1, 4, 2], covariance: [2, 0, 0, 0, 2, 0, 0, 0, 2] };
  const options = { components: 1, inference: "variational", tolerance: 0, maxIterations: 4, prior } as const;
  const { iterations } = await runBayes({ points: few, labels: [0, 0], options });
  for (const { redone } of iterations) expect(redone).toEqual([]);
});

test("nearly collinear points are measured once, after the first steps", async () => {
  const random = randomStream(8, "thin");
  const rows = Array.from({ length: 60 }, (_, i) => {
    const x = random.normal() + 9 * (i % 2);
    return [x, 3 * x + 1e-6 * random.normal()];
  });
  const options = { components: 2, inference: "variational", tolerance: 0, maxIterations: 12 } as const;
  const { iterations } = await runBayes({ points: rows, labels: rows.map((_, i) => i % 2), options });
  for (const { redone } of iterations.slice(3)) expect(redone).toEqual([]);
});

describe("a stated prior", () => {
  test("costs no pass over the points", async () => {
    const prior = { mean: [1, 2], covariance: [2, 0, 0, 3] };
    const { executor, passes } = seen(executorOf(points));
    const { means, covariances, singular } = await resolved(executor, { components: 1, prior });
    expect(passes()).toBe(0);
    expect([...means, ...covariances.packedCovariances]).toEqual([1, 2, 2, 0, 3]);
    expect(singular).toBe(false);
  });

  test("half stated, the rest is the points'", async () => {
    const first = await resolved(executorOf(points), { components: 1, prior: { mean: Float64Array.of(1, 2) } });
    expect([...first.means]).toEqual([1, 2]);
    expect(first.covariances.packedCovariances[0]).toBeCloseTo(38 / 3, 13);
    const second = await resolved(executorOf(points), {
      components: 1,
      prior: {
        covariance: [
          [2, 1],
          [1, 3],
        ],
      },
    });
    expect(error(second.means, [4, 30])).toBeLessThan(1e-15);
    expect([...second.covariances.packedCovariances]).toEqual([2, 1, 3]);
  });

  test("holds a covariance up that the points do not, without regularization", async () => {
    const flat = points.map(([x]) => [x, 7]);
    const options = { components: 1, inference: "variational", regularization: 0 } as const;
    const { mixture, warnings } = await fitted(executorOf(flat), { ...options, prior: { covariance: [1, 0, 0, 1] } });
    expect(warnings.map(({ code }) => code)).toEqual(["CONSTANT_FEATURE"]);
    expect(mixture.packedCovariances[2]).toBeCloseTo(1 / 6, 14);
  });

  test("is seen in the units of the points, however large", async () => {
    const prior = { mean: [1, 2], covariance: 3 };
    const options = { components: 2, covarianceType: "spherical", maxIterations: 5, inference: "variational" } as const;
    const a = await fitted(executorOf(points), { ...options, prior });
    const scale = 2 ** 470;
    const large = executorOf(points.map((row) => row.map((x) => x * scale)));
    const b = await fitted(large, { ...options, prior: { mean: [scale, 2 * scale], covariance: 3 * scale * scale } });
    expect(b.mixture.weights).toEqual(a.mixture.weights);
    expect(b.mixture.means).toEqual(a.mixture.means.map((mean) => mean * scale));
    expect(b.mixture.packedCovariances).toEqual(a.mixture.packedCovariances.map((value) => value * scale * scale));
    // ν log det W of both components, ν = ν₀ + N each, of two features.
    const volume = (2 * 2 + points.length) * 2 * Math.log(scale);
    expect(error(b.lowerBound + volume, a.lowerBound)).toBeLessThan(1e-11);
  });

  test.each<[string, PriorOptions, RegExp]>([
    [
      "too few degrees of freedom",
      { degreesOfFreedom: 1 },
      /`prior.degreesOfFreedom` to be above 1, features − 1, got 1/,
    ],
    ["a short mean", { mean: [1] }, /`prior.mean` to be 2 numbers, one for each feature/],
    ["a mean of NaN", { mean: [1, Number.NaN] }, /`prior.mean` and `prior.covariance`.*finite, got NaN/],
    ["one variance for a matrix", { covariance: 3 }, /Expected 4 numbers of full covariances/],
    ["an asymmetric covariance", { covariance: [1, 2, 3, 1] }, /symmetric/],
    ["an indefinite covariance", { covariance: [1, 2, 2, 1] }, /rank 1/],
  ])("with %s is refused", async (_what, prior, message) => {
    const { details } = await expectRejection(
      resolved(executorOf(points), { components: 1, prior }),
      "INVALID_OPTION",
      message,
    );
    expect(details.option).toMatch(/^prior/);
  });
});

test("a failure that is not of a prior's numbers stays what it is", async () => {
  const mean = {
    length: 2,
    get 0(): number {
      throw new RangeError("read");
    },
  };
  await expect(resolved(executorOf(points), { components: 1, prior: { mean } })).rejects.toThrow(RangeError);
});

test("points stored in 32 bits are those numbers", async () => {
  const single = Float32Array.from(points.flat().map((x) => x / 3));
  const options = { components: 2, covarianceType: "diag", inference: "variational" } as const;
  const a = await fitted(executorOf({ data: single, features: 2 }), options);
  const b = await fitted(executorOf({ data: Float64Array.from(single), features: 2 }), options);
  expect(a.mixture).toEqual(b.mixture);
});

describe("components without points", () => {
  const random = randomStream(5, "few");
  const clusters = Array.from({ length: 200 }, (_, i) => [(i % 2) * 30 + random.normal(), random.normal()]);
  const labels = clusters.map((_, i) => i % 2);

  test.each(COVARIANCE_TYPES)("are the prior, and cost no second pass: %s", async (covarianceType) => {
    for (const weightConcentrationType of ["process", "distribution"] as const) {
      const prior = { weightConcentrationType, weightConcentration: 1e-4, mean: [3, 4] };
      const options = { components: 6, covarianceType, inference: "variational", tolerance: 0, prior } as const;
      const { mixture } = await runBayes({ points: clusters, labels, options: { ...options, maxIterations: 20 } });
      expect([...mixture.weights].filter((weight) => weight > 0.4)).toHaveLength(2);
      expect(error(mixture.means.slice(4), [3, 4, 3, 4, 3, 4, 3, 4])).toBeLessThan(1e-3);
      const { executor, passes } = seen(executorOf(clusters));
      const { iterations } = await fitted(executor, { ...options, maxIterations: 20, seed: 2 });
      expect(passes()).toBeLessThanOrEqual(iterations + 6);
    }
  });

  test.each(COVARIANCE_TYPES)("with the rule of zero and without it the same comes out: %s", async (covarianceType) => {
    const options = { components: 5, covarianceType, tolerance: 0, maxIterations: 15, seed: 4 } as const;
    for (const way of [{ inference: "variational" }, { prior: { weightConcentration: 1.5 } }] as const) {
      const withRule = await fitted(executorOf(clusters), { ...options, ...way });
      const { executor } = seen(executorOf(clusters), false);
      const without = await fitted(executor, { ...options, ...way });
      expect(error(withRule.mixture.weights, without.mixture.weights)).toBeLessThan(1e-12);
      expect(error(withRule.mixture.means, without.mixture.means)).toBeLessThan(1e-11);
      expect(error(withRule.mixture.packedCovariances, without.mixture.packedCovariances)).toBeLessThan(1e-11);
    }
  });

  test("whatever the sizes of a prior, every weight is a number above 0", async () => {
    for (const pointWeight of [1, 1e240]) {
      const executor = executorOf(clusters, new Array<number>(clusters.length).fill(pointWeight));
      for (const weightConcentration of [1e-100, 1e100]) {
        const prior = { weightConcentration, meanPrecision: 1e-100 };
        const { mixture } = await fitted(executor, { components: 4, inference: "variational", prior });
        expect(mixture.weights.every((weight) => weight > 0)).toBe(true);
      }
    }
  });

  test("are measured once, though few points far from their mean lean towards them", async () => {
    const prior = { mean: [60, 0], covariance: [72, 2], weightConcentration: 1e-4 };
    const { executor, passes } = seen(executorOf(clusters));
    const options = { components: 5, covarianceType: "diag", inference: "variational", tolerance: 0 } as const;
    const { iterations } = await fitted(executor, { ...options, maxIterations: 20, prior });
    expect(passes()).toBeLessThanOrEqual(iterations + 6);
  });

  test("are measured once, though their prior is nearly singular", async () => {
    const prior = { mean: [1e5, 0], covariance: [1, 0.9999, 0.9999, 1], weightConcentration: 1e-4 };
    const { executor, passes } = seen(executorOf(clusters));
    const options = { components: 5, inference: "variational", tolerance: 0, maxIterations: 20, prior } as const;
    const { iterations } = await fitted(executor, options);
    expect(passes()).toBeLessThanOrEqual(iterations + 6);
  });

  test("have the prior's mean to the last bit, wherever the points are", async () => {
    const far = clusters.map((row) => row.map((x) => x + 1e8));
    const prior = { mean: [0.1, 0.2], weightConcentration: 1e-4, weightConcentrationType: "distribution" } as const;
    const { mixture } = await fitted(executorOf(far), { components: 6, inference: "variational", prior, restarts: 2 });
    const least = mixture.weights.indexOf(Math.min(...mixture.weights));
    expect([...mixture.means.slice(2 * least, 2 * least + 2)]).toEqual([0.1, 0.2]);
  });

  test("are the prior from the first step on, and have a weight whatever the others weigh", async () => {
    const far = clusters.map((row) => row.map((x) => x + 1e8));
    const pointWeights = new Array<number>(far.length).fill(1e240);
    const prior = { mean: [0.1, 0.2], covariance: [3, 0, 0, 6], weightConcentration: 1e-100 };
    const options = { components: 4, inference: "variational", maxIterations: 1, prior } as const;
    const { start } = await runBayes({ points: far, pointWeights, labels, options });
    expect([...start.means.slice(4)]).toEqual([0.1, 0.2, 0.1, 0.2]);
    expect(error(start.packedCovariances.slice(6), [1.5, 0, 3, 1.5, 0, 3])).toBeLessThan(1e-15);
    expect(start.weights.every((weight) => weight > 0)).toBe(true);
  });

  test("with EM have weight 0, and go the way of empty components", async () => {
    const executor = executorOf(clusters);
    const prior = await resolved(executor, { components: 3, covarianceType: "spherical", prior: {} });
    const start = GaussianMixture.fromParameters({
      weights: [0.4, 0.4, 0.2],
      means: [0, 0, 30, 0, 0, 500],
      covariances: [1, 1, 1],
      covarianceType: "spherical",
    });
    const rule = { tolerance: 0, maxIterations: 3 };
    for (const policy of ["keep", "drop"] as const) {
      for await (const step of em(executor, startFrom(start.parameters), rule, undefined, policy, prior)) {
        expect(Number.isFinite(step.lowerBound)).toBe(true);
        expect(step.mixture.components).toBe(policy === "keep" ? 3 : 2);
      }
    }
  });
});

describe("what an iteration climbs", () => {
  test.each(["em", "variational"] as const)("stays a number however far the start: %s", async (inference) => {
    const rows = Array.from({ length: 50 }, (_, i) => [i % 7, i % 5]);
    const executor = executorOf(rows);
    const prior = await resolved(executor, { components: 2, inference, prior: {} });
    const start = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [1e12, 0, 1e12, 1],
      covariances: [1, 0, 0, 1, 1, 0, 0, 1],
    });
    const bounds: number[] = [];
    const rule = { tolerance: 0, maxIterations: 8 };
    for await (const { lowerBound } of em(executor, startFrom(start.parameters), rule, undefined, "keep", prior)) {
      bounds.push(lowerBound);
    }
    for (let i = 1; i < bounds.length; i++) {
      const slack = inference === "em" ? 1e-9 * Math.abs(bounds[i]) : 50 * Math.LN2;
      expect(bounds[i]).toBeGreaterThan(bounds[i - 1] - slack);
    }
  });

  test("stays a number where a scatter is too small for doubles", async () => {
    const unit = 1e-60;
    const rows = Array.from({ length: 50 }, (_, i) => [unit * (i % 7), unit * (i % 5)]);
    const executor = executorOf(rows);
    const type = { weightConcentration: 1e-100, weightConcentrationType: "distribution" } as const;
    const prior = await resolved(executor, { components: 2, inference: "variational", prior: type });
    const variance = unit * unit;
    const start = GaussianMixture.fromParameters({
      weights: [0.5, 0.5],
      means: [0, 0, 40 * unit, 0],
      covariances: [variance, 0, 0, variance, variance, 0, 0, variance],
    });
    const rule = { tolerance: 0, maxIterations: 2 };
    for await (const { lowerBound } of em(executor, startFrom(start.parameters), rule, undefined, "keep", prior)) {
      expect(Number.isFinite(lowerBound)).toBe(true);
    }
  });

  test("stays a number however little the prior thinks of the points", async () => {
    const tiny = points.map((row) => row.map((x) => 1e-70 * x));
    const prior = { mean: [0, 0], covariance: [1e174, 0, 0, 1e174] };
    const options = { components: 2, covarianceType: "tied", initialization: "random", maxIterations: 3 } as const;
    const { history } = await fitted(executorOf(tiny), { ...options, prior });
    expect(history.every(Number.isFinite)).toBe(true);
  });
});

describe("digits under a prior", () => {
  /** det of n·Σ̂ + ψ I about the mean of x, exactly, of two features. */
  function exactDeterminant(rows: readonly number[][], psi: number): Rational {
    const sum = (values: Rational[]) => values.reduce(plus);
    const count = ofDouble(rows.length);
    const [x, y] = [0, 1].map((j) => rows.map((row) => ofDouble(row[j])));
    const inverse = (value: Rational): Rational => ({ numerator: value.denominator, denominator: value.numerator });
    const entry = (a: Rational[], b: Rational[], more: number) =>
      plus(
        ofDouble(more),
        minus(sum(a.map((value, i) => times(value, b[i]))), times(times(sum(a), sum(b)), inverse(count))),
      );
    return minus(times(entry(x, x, psi), entry(y, y, psi)), times(entry(x, y, 0), entry(x, y, 0)));
  }

  test.each([1e-3, 1e-5, 1e-7])("a thickness of %d keeps half its digits and more", async (thickness) => {
    const random = randomStream("thin", `${thickness}`);
    const rows = Array.from({ length: 40 }, () => {
      const x = random.normal();
      return [x, 3 * x + thickness * random.normal()];
    });
    const psi = 2 ** Math.round(2 * Math.log2(thickness));
    const mean = (j: number) => rows.reduce((total, row) => total + row[j], 0) / 40;
    const prior = { covariance: [psi, 0, 0, psi], degreesOfFreedom: 2, meanPrecision: 1e-30, mean: [mean(0), mean(1)] };
    const labels = rows.map(() => 0);
    const options = { components: 1, inference: "variational", tolerance: 0, maxIterations: 3, prior } as const;
    const { mixture } = await runBayes({ points: rows, labels, options: { ...options, regularization: 0 } });
    const [a, , b] = mixture.parameters.factors;
    const scale = ofDouble(42);
    const squared = (w: number) => times(ofDouble(w), ofDouble(w));
    const inverse = times(squared(a), squared(b));
    const determinant = times(times(scale, scale), { numerator: inverse.denominator, denominator: inverse.numerator });
    const exact = exactDeterminant(rows, psi);
    expect(ratio(minus(determinant, exact), exact)).toBeLessThan(4e-16 / thickness);
  });
});
