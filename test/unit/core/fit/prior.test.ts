import type { PriorOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { fitted, resolvedConjugate, runBayes, seen } from "../../../support/bayes.ts";
import { error } from "../../../support/compare.ts";
import { expectRejection } from "../../../support/failures.ts";
import { executorOf } from "../../../support/steps.ts";

const points = [
  [1, 10],
  [2, 30],
  [4, 20],
  [9, 60],
];

describe("a prior by default", () => {
  const [xx, xy, yy] = [38 / 3, 70, 1400 / 3];

  test.each([
    ["full", [xx, xy, yy]],
    ["tied", [xx, xy, yy]],
    ["diag", [xx, yy]],
    ["spherical", [(xx + yy) / 2]],
  ] as const)("%s: mean and covariance of the points, divided by n − 1", async (covarianceType, expected) => {
    const variational = { components: 3, covarianceType, inference: "variational" } as const;
    const prior = await resolvedConjugate(executorOf(points), variational);
    expect(prior).toMatchObject({ weightConcentration: 1 / 3, meanPrecision: 1, degreesOfFreedom: 2 });
    const { mixture } = await fitted(executorOf(points), { ...variational, maxIterations: 1 });
    expect(mixture.posterior?.weightConcentrationType).toBe("process");
    expect(error(prior.means, [4, 30])).toBeLessThan(1e-15);
    expect(error(prior.scatter.covariance, expected)).toBeLessThan(1e-15);
    const mode = await resolvedConjugate(executorOf(points), { components: 3, covarianceType, prior: {} });
    expect(mode).toMatchObject({ weightConcentration: 1, meanPrecision: 0.01, degreesOfFreedom: 4 });
    const third = expected.map((value) => value / 3);
    expect(error(mode.scatter.covariance, third)).toBeLessThan(1e-15);
  });

  test("counts weights as copies", async () => {
    const options = { components: 1, inference: "variational" } as const;
    const prior = await resolvedConjugate(executorOf(points.slice(0, 2), [1, 2]), options);
    expect(error(prior.means, [5 / 3, 70 / 3])).toBeLessThan(1e-15);
    expect(error(prior.scatter.covariance, [1 / 3, 20 / 3, 400 / 3])).toBeLessThan(1e-15);
  });

  test("of points that hardly weigh anything is an error", async () => {
    await expectRejection(
      resolvedConjugate(executorOf(points, [0.25, 0.25, 0.25, 0.25]), { components: 1, inference: "variational" }),
      "INVALID_OPTION",
      "Expected `prior.covariance` to be given where the total weight of the points is at most 1, got undefined.",
    );
  });

  test.each([
    ["collinear", [4, 4, 3, 2].map((x) => [x, 3 * x])],
    ["constant in a feature", points.map(([x]) => [x, 7])],
  ])("of points that are %s is as singular as they are", async (_what, line) => {
    const unfloored = { components: 1, inference: "variational", regularization: 0 } as const;
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
  for (const { lookedAtAgain } of iterations) expect(lookedAtAgain).toEqual([]);
});

test("nearly collinear points are measured once, after the first steps", async () => {
  const random = randomStream(8, "thin");
  const rows = Array.from({ length: 60 }, (_, i) => {
    const x = random.normal() + 9 * (i % 2);
    return [x, 3 * x + 1e-6 * random.normal()];
  });
  const options = { components: 2, inference: "variational", tolerance: 0, maxIterations: 12 } as const;
  const { iterations } = await runBayes({ points: rows, labels: rows.map((_, i) => i % 2), options });
  for (const { lookedAtAgain } of iterations.slice(3)) expect(lookedAtAgain).toEqual([]);
});

describe("a stated prior", () => {
  test("costs no pass over the points", async () => {
    const prior = { mean: [1, 2], covariance: [2, 0, 0, 3] };
    const { executor, passes } = seen(executorOf(points));
    const { means, scatter } = await resolvedConjugate(executor, { components: 1, prior });
    expect(passes()).toBe(0);
    expect([...means, ...scatter.covariance]).toEqual([1, 2, 2, 0, 3]);
  });

  test("half stated, the rest is the points'", async () => {
    const first = await resolvedConjugate(executorOf(points), {
      components: 1,
      prior: { mean: Float64Array.of(1, 2) },
    });
    expect([...first.means]).toEqual([1, 2]);
    expect(first.scatter.covariance[0]).toBeCloseTo(38 / 3, 13);
    const second = await resolvedConjugate(executorOf(points), {
      components: 1,
      prior: {
        covariance: [
          [2, 1],
          [1, 3],
        ],
      },
    });
    expect(error(second.means, [4, 30])).toBeLessThan(1e-15);
    expect([...second.scatter.covariance]).toEqual([2, 1, 3]);
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
    ["a function for a mean", { mean: (() => 0) as never }, /`prior.mean` to be an array of numbers, got a function/],
    ["a function for a covariance", { covariance: (() => 1) as never }, /`prior.covariance` to be an array of numbers/],
    [
      "a function in a covariance",
      { covariance: [[1, () => 1]] as never },
      /`prior.covariance` to be an array of numbers/,
    ],
    ["a short mean", { mean: [1] }, /`prior.mean` to be 2 numbers, one for each feature/],
    ["a mean of NaN", { mean: [1, Number.NaN] }, /`prior.mean` and `prior.covariance`.*finite numbers, got NaN/],
    ["one variance for a matrix", { covariance: 3 }, /`covariances` to hold 4 numbers: type "full"/],
    ["an asymmetric covariance", { covariance: [1, 2, 3, 1] }, /symmetric/],
    ["an indefinite covariance", { covariance: [1, 2, 2, 1] }, /rank 1/],
  ])("with %s is refused", async (_what, prior, message) => {
    const { details } = await expectRejection(
      resolvedConjugate(executorOf(points), { components: 1, prior }),
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
  await expect(resolvedConjugate(executorOf(points), { components: 1, prior: { mean } })).rejects.toThrow(RangeError);
});

test("points stored in 32 bits are those numbers", async () => {
  const single = Float32Array.from(points.flat().map((x) => x / 3));
  const options = { components: 2, covarianceType: "diag", inference: "variational" } as const;
  const a = await fitted(executorOf({ data: single, features: 2 }), options);
  const b = await fitted(executorOf({ data: Float64Array.from(single), features: 2 }), options);
  expect(a.mixture).toEqual(b.mixture);
});
