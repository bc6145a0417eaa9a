import {
  EmixError,
  type FitOptions,
  type FlatPoints,
  fit,
  GaussianMixture,
  type PlainFitResult,
  type PointsLike,
  resolveFitOptions,
  type Warning,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import { inThreadExecutor } from "../support/in-thread-executor.ts";
import { clusters } from "../support/points.ts";
import { regularizationOf } from "../support/regularization.ts";
import { COVARIANCE_TYPES } from "../support/scenes.ts";
import { allSteps, executorOf, steps as stepsOf } from "../support/steps.ts";

// The rows of the table of degenerate input, one by one: what must come out is a finite mixture, or an error by name.

async function fitted(points: PointsLike, options: FitOptions, weights?: ArrayLike<number>): Promise<PlainFitResult> {
  const executor = inThreadExecutor(tilePoints(points, weights));
  const steps = fit(executor, resolveFitOptions({ seed: 1, maxIterations: 50, ...options }));
  for (;;) {
    const step = await steps.next();
    if (!step.done) continue;
    expect(new GaussianMixture(step.value.mixture).covariances.every(Number.isFinite)).toBe(true);
    // What the points bring about counts here, not that the iterations are few.
    return { ...step.value, warnings: step.value.warnings.filter(({ code }) => code !== "NOT_CONVERGED") };
  }
}

async function failure(points: PointsLike, options: FitOptions, weights?: ArrayLike<number>): Promise<unknown> {
  const end = await fitted(points, options, weights).catch((error: unknown) => error);
  expect(end).toBeInstanceOf(EmixError);
  return end;
}

function rowsOf(count: number, features: number, at: (row: number, feature: number) => number): FlatPoints {
  const value = (_: unknown, i: number) => at(Math.floor(i / features), i % features);
  return { data: Float64Array.from({ length: count * features }, value), features };
}

function codes(warnings: readonly Warning[]): string[] {
  return [...new Set(warnings.map(({ code }) => code))].sort();
}

const normals = (() => {
  const random = randomStream("degenerate", "normals");
  return Float64Array.from({ length: 900 }, () => random.normal());
})();
const cloud = rowsOf(200, 3, (i, j) => normals[3 * i + j]);
const equal = rowsOf(10, 2, (_, j) => 3 + j);
const atoms = rowsOf(30, 2, (i, j) => [0, 1, 5, 2, 9, 9][2 * (i % 3) + j]);

describe.each(COVARIANCE_TYPES)("degenerate input, %s", (covarianceType) => {
  const { matrix, shared } = covarianceRow(covarianceType);
  const matrices = matrix === "triangle";

  test("all points equal: a floored covariance for one component, too few points for two", async () => {
    const { mixture, warnings } = await fitted(equal, { components: 1, covarianceType });
    expect([...mixture.means]).toEqual([3, 4]);
    expect(codes(warnings)).toEqual([
      "COLLAPSED_COMPONENT",
      "CONSTANT_FEATURE",
      "DEGENERATE_DATA",
      "SINGULAR_COVARIANCE",
    ]);
    expect(warnings.find(({ code }) => code === "COLLAPSED_COMPONENT")).toMatchObject({ component: 0, rank: 0 });
    for (const initialization of ["k-means++", "random"] as const) {
      expect(await failure(equal, { components: 2, covarianceType, initialization })).toMatchObject({
        code: "TOO_FEW_DISTINCT_POINTS",
        details: { distinct: 1, components: 2 },
      });
    }
  });

  test("as many components as distinct points: each collapsed and floored, or an error", async () => {
    const { mixture, warnings } = await fitted(atoms, { components: 3, covarianceType });
    const collapsed = warnings.filter(({ code }) => code === "COLLAPSED_COMPONENT");
    expect(collapsed.map(({ component }) => component)).toEqual(shared ? [0] : [0, 1, 2]);
    expect(collapsed.every(({ rank }) => rank === 0)).toBe(true);
    expect([...mixture.weights].every((weight) => Math.abs(weight - 1 / 3) < 1e-15)).toBe(true);
    expect(await failure(atoms, { components: 3, covarianceType, regularization: 0 })).toMatchObject({
      code: "COLLAPSED_COMPONENT",
      details: { component: 0, components: 3, rank: 0, iteration: 0 },
    });
  });

  test("k = n goes, k > n does not", async () => {
    const few = rowsOf(6, 2, (i, j) => normals[2 * i + j]);
    const { warnings } = await fitted(few, { components: 6, covarianceType });
    expect(codes(warnings)).toEqual(["COLLAPSED_COMPONENT", "SINGULAR_COVARIANCE"]);
    expect(await failure(few, { components: 7, covarianceType })).toMatchObject({
      code: "TOO_MANY_COMPONENTS",
      details: { count: 6, components: 7 },
    });
  });

  test("one point: its place, a floored covariance", async () => {
    const { mixture } = await fitted(
      rowsOf(1, 2, (_, j) => 3.3 + j),
      { components: 1, covarianceType },
    );
    expect([...mixture.means]).toEqual([3.3, 4.3]);
  });

  test("collinear features: full and tied are floored in one direction, diag and spherical do not mind", async () => {
    const line = rowsOf(200, 3, (i, j) => [normals[3 * i], normals[3 * i + 1], normals[3 * i] * 3.28][j]);
    const { warnings } = await fitted(line, { components: 2, covarianceType });
    expect(codes(warnings)).toEqual(matrices ? ["COLLAPSED_COMPONENT", "SINGULAR_COVARIANCE"] : []);
    for (const { rank } of warnings) expect(rank).toBe(2);
    if (matrices) {
      expect(await failure(line, { components: 2, covarianceType, regularization: 0 })).toMatchObject({
        code: "COLLAPSED_COMPONENT",
        details: { rank: 2 },
      });
    }
  });

  test("a constant feature is named", async () => {
    const constant = rowsOf(200, 3, (i, j) => (j === 1 ? 7.1 : normals[3 * i + j]));
    const { warnings } = await fitted(constant, { components: 2, covarianceType });
    expect(warnings).toContainEqual({ code: "CONSTANT_FEATURE", feature: 1, firstIteration: 0, lastIteration: 0 });
    expect(warnings.filter(({ code }) => code === "SINGULAR_COVARIANCE").every(({ rank }) => rank === 2)).toBe(true);
  });

  test("more features than points", async () => {
    const wide = rowsOf(5, 8, (i, j) => normals[8 * i + j]);
    const { warnings } = await fitted(wide, { components: 1, covarianceType });
    const rank = warnings.find(({ code }) => code === "SINGULAR_COVARIANCE")?.rank;
    expect(rank).toBe(matrices ? 4 : undefined);
  });

  test("a far point alone becomes a floored component; other starts come first", async () => {
    const far = rowsOf(101, 2, (i, j) => (i === 100 ? 1e6 : normals[2 * i + j]));
    const { mixture, warnings } = await fitted(far, { components: 2, covarianceType });
    if (!shared) expect(codes(warnings)).toEqual(["COLLAPSED_COMPONENT", "SINGULAR_COVARIANCE"]);
    expect(Math.min(...mixture.weights)).toBeCloseTo(1 / 101, 12);
  });

  test.each([1e12, 1e8, -1e4])("offset %d", async (offset) => {
    const moved = { ...cloud, data: cloud.data.map((x) => Math.round(x * 2 ** 10) / 2 ** 10 + offset) };
    const back = { ...cloud, data: moved.data.map((x) => x - offset) };
    const [a, b] = [
      await fitted(moved, { components: 2, covarianceType }),
      await fitted(back, { components: 2, covarianceType }),
    ];
    expect(Math.abs(a.lowerBound - b.lowerBound)).toBeLessThan(1e-12);
    expect(a.warnings).toEqual([]);
  });

  test.each([1e-8, 1e-140, 1e140])("scale %d", async (scale) => {
    const small = { ...cloud, data: cloud.data.map((x) => x * scale) };
    const [a, b] = [
      await fitted(small, { components: 2, covarianceType }),
      await fitted(cloud, { components: 2, covarianceType }),
    ];
    expect(Math.abs(a.lowerBound + 3 * Math.log(scale) - b.lowerBound)).toBeLessThan(1e-9);
    expect(a.warnings).toEqual([]);
  });

  test.each([
    [1e-160, "UNDERFLOW"],
    [1e160, "OVERFLOW"],
    [2 ** -1074 * 1e3, "UNDERFLOW"],
  ] as const)("scale %d: %s", async (scale, code) => {
    const points = { ...cloud, data: cloud.data.map((x) => x * scale) };
    expect(await failure(points, { components: 2, covarianceType })).toMatchObject({ code, details: { feature: 0 } });
  });

  test("an outlier whose square no double holds", async () => {
    const far = rowsOf(101, 2, (i, j) => (i === 100 ? 1e200 : normals[2 * i + j]));
    expect(await failure(far, { components: 1, covarianceType })).toMatchObject({ code: "OVERFLOW" });
  });
});

describe("input that is refused", () => {
  const bad = (change: (data: Float64Array) => void) => {
    const data = cloud.data.slice() as Float64Array;
    change(data);
    return { data, features: 3 };
  };

  test("no points", async () => {
    expect(await failure([], { components: 1 })).toMatchObject({ code: "EMPTY_DATA" });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("%d among the coordinates", async (value) => {
    const points = bad((data) => {
      data[3 * 7 + 2] = value;
    });
    expect(await failure(points, { components: 1 })).toMatchObject({
      code: "NON_FINITE_POINT",
      details: { row: 7, column: 2 },
    });
  });

  test.each([
    [(i: number) => (i === 5 ? Number.NaN : 1), { code: "INVALID_WEIGHT", details: { row: 5 } }],
    [(i: number) => (i === 5 ? -1 : 1), { code: "INVALID_WEIGHT", details: { row: 5, value: -1 } }],
    [() => 0, { code: "ZERO_TOTAL_WEIGHT" }],
    [() => 1e260, { code: "INVALID_WEIGHT" }],
    [() => 1e-260, { code: "INVALID_WEIGHT" }],
  ])("bad weights %#", async (weight, expected) => {
    const weights = Float64Array.from({ length: 200 }, (_, i) => weight(i));
    expect(await failure(cloud, { components: 1 }, weights)).toMatchObject(expected);
  });

  test("more components than points of positive weight", async () => {
    const weights = Float64Array.from({ length: 200 }, (_, i) => Number(i < 3));
    expect(await failure(cloud, { components: 4 }, weights)).toMatchObject({
      code: "TOO_MANY_COMPONENTS",
      details: { count: 3 },
    });
  });
});

describe.each(COVARIANCE_TYPES)("an empty component in mid-fit, %s", (covarianceType) => {
  const points = clusters(300, 2, 2, "empty");
  /** The third component lies where no double can tell its density from 0. */
  const start = () => {
    const { matrix, shared } = covarianceRow(covarianceType);
    const wide = { triangle: [1, 0, 0, 1], diagonal: [1, 1], scalar: [1] }[matrix];
    const covariances = shared ? wide : [...wide, ...wide, ...wide];
    const means = [0, 0, 4, -2, 1e9, 1e9];
    return GaussianMixture.fromParameters({ weights: [0.4, 0.4, 0.2], means, covariances, covarianceType });
  };
  const run = (policy: "keep" | "reseed" | "drop" | "error") =>
    allSteps(executorOf(points), start(), 30, { emptyComponent: policy });

  test("keep: it stays where it is, with weight 0", async () => {
    const steps = await run("keep");
    const { mixture, warnings } = steps[29];
    expect([...mixture.means.slice(4)]).toEqual([1e9, 1e9]);
    expect(mixture.weights[2]).toBe(0);
    expect(warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 2 }]);
  });

  test("drop: the others go on", async () => {
    const steps = await run("drop");
    expect(steps[0].warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 2, policy: "drop" }]);
    expect(steps[29].mixture.components).toBe(2);
    expect(steps[29].mixture.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14);
    expect(steps[29].warnings).toEqual([]);
  });

  test("error: it is named", async () => {
    await expect(run("error")).rejects.toMatchObject({
      code: "EMPTY_COMPONENT",
      message: expect.stringMatching(/^Component 2 of 3 lost all its points; .* \(in iteration 1\)\.$/),
      details: { component: 2, components: 3, iteration: 1 },
    });
  });

  test("reseed: it starts anew at the point that the others explain worst, the same every time", async () => {
    const steps = await run("reseed");
    expect(steps[0].warnings).toEqual([{ code: "EMPTY_COMPONENT", component: 2, policy: "reseed" }]);
    expect(steps[0].converged).toBe(false);
    const kept = new GaussianMixture((await run("keep"))[0].mixture).logProb(points);
    const worst = kept.indexOf(Math.min(...kept));
    expect([...steps[0].mixture.means.slice(4)]).toEqual([...points.data.slice(2 * worst, 2 * worst + 2)]);
    expect(steps[29].mixture.weights[2]).toBeGreaterThan(0);
    expect((await run("reseed"))[29]).toEqual(steps[29]);
  });
});

test("more empty components than different points: they begin at the points in turn", async () => {
  const points = { data: Float64Array.of(0, 0, 1, 1, 2, 2), features: 1 };
  const start = GaussianMixture.fromParameters({
    weights: [0.2, 0.2, 0.2, 0.2, 0.2],
    means: [0.5, 1e9, 1e9, 1e9, 1e9],
    covariances: [1, 1, 1, 1, 1],
    covarianceType: "spherical",
  });
  const { mixture } = await stepsOf(executorOf(points), start, 1, { emptyComponent: "reseed" });
  // One component of mean 1 and variance 2/3: 0 and 2 lie farthest, as far, and the first of them comes first.
  expect([...mixture.means]).toEqual([1, 0, 2, 1, 0]);
  expect([...mixture.weights].map((weight) => weight.toFixed(12))).toEqual(
    [0.6, 0.1, 0.1, 0.1, 0.1].map((weight) => weight.toFixed(12)),
  );
  expect([...mixture.packedCovariances]).toEqual(new Array(5).fill(mixture.packedCovariances[0]));
  expect(mixture.packedCovariances[0]).toBeCloseTo(2 / 3, 14);
});

describe("restarts", () => {
  // Small clusters beside a large one: some starts put a component on too few points to span the plane, and collapse.
  const points = rowsOf(60, 3, (i, j) => (i % 4 === 0 ? 6 : 0) + normals[3 * i + j]);
  const of = (seed: number, options: Partial<FitOptions>) =>
    fitted(points, { components: 5, seed, initialization: "random", maxIterations: 40, ...options });

  test("without regularization, a start that collapses leaves the others be", async () => {
    const alone = await Promise.all(
      [...Array(12).keys()].map((seed) => of(seed, { regularization: 0 }).catch((error: EmixError) => error.code)),
    );
    expect(alone).toContain("COLLAPSED_COMPONENT");
    const { mixture, warnings } = await of(0, { regularization: 0, restarts: 12 });
    expect(mixture.components).toBe(5);
    expect(warnings.filter(({ code }) => code === "COLLAPSED_COMPONENT")).toEqual([]);
  });

  test("a start that ends floored ranks below every start that does not", async () => {
    const together = await of(0, { restarts: 12 });
    const [last] = [together.iterations];
    expect(together.warnings.filter(({ lastIteration }) => lastIteration === last)).toEqual([]);
  });
});

describe("falls of the likelihood", () => {
  test("an absolute ridge may make it fall, and that is told", async () => {
    const start = GaussianMixture.fromParameters({
      weights: [1],
      means: [0],
      covariances: [1],
      covarianceType: "full",
    });
    const points = rowsOf(50, 1, (i) => normals[i]);
    const regularization = regularizationOf([0], 100);
    const warnings = (await allSteps(executorOf(points), start, 2, { regularization })).flatMap(
      (step) => step.warnings,
    );
    expect(warnings.map(({ code }) => code)).toEqual(["NON_MONOTONE"]);
    expect(warnings[0].fall).toBeGreaterThan(1);
  });
});
