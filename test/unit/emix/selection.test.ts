import { type CovarianceType, createEngine, type Engine, GaussianMixture } from "emix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRejection } from "../../support/failures.ts";

const truth = GaussianMixture.fromParameters({
  weights: [0.5, 0.3, 0.2],
  means: [0, 0, 9, 0, 0, 9],
  covariances: [1, 3],
  covarianceType: "tied-diag",
});
const points = { data: truth.sample(800, { seed: 3 }).points, features: 2 };
let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2, offThread: false });
});
afterAll(() => engine.close());

describe("select", () => {
  test("finds the size and shape that points were drawn from", async () => {
    const { best, mixture, table, fit } = await engine.select(points, { components: [1, 2, 3, 4], restarts: 3 });
    expect(best).toMatchObject({ components: 3, covarianceType: "tied-diag", converged: true, collapsed: false });
    expect([mixture.components, mixture.covarianceType]).toEqual([3, "tied-diag"]);
    expect(fit.mixture).toBe(mixture);
    expect(table).toHaveLength(24);
    expect(table).toContain(best);
    expect(Math.min(...table.map(({ bic }) => bic ?? Number.POSITIVE_INFINITY))).toBe(best.bic);
  });

  test("has the criteria that the mixture has, and fits as fit does", async () => {
    const weights = Array.from({ length: 800 }, (_, i) => 0.5 + (i % 3));
    const options = { seed: 2, pointWeights: weights };
    const { best, mixture, fit } = await engine.select(points, {
      ...options,
      components: [2],
      covarianceTypes: ["full"],
    });
    for (const criterion of ["bic", "aic", "icl"] as const) {
      const right = await engine[criterion](points, { mixture, pointWeights: weights });
      expect(Math.abs((best[criterion] ?? 0) / right - 1)).toBeLessThan(1e-13);
    }
    const { starts: _, ...alone } = await engine.fit(points, { ...options, components: 2 });
    expect(fit).toMatchObject(alone);
  });

  test("the criterion decides", async () => {
    const options = { components: [1, 2, 3, 4, 5], covarianceTypes: ["full", "diag"] as CovarianceType[], restarts: 2 };
    for (const criterion of ["bic", "aic", "icl"] as const) {
      const { best, table } = await engine.select(points, { ...options, criterion });
      const values = table
        .filter(({ collapsed }) => !collapsed)
        .map((row) => row[criterion] ?? Number.POSITIVE_INFINITY);
      expect(best[criterion]).toBe(Math.min(...values));
    }
  });

  test("a model that fails is a row; when all do, so does the call", async () => {
    const few = [[0], [1], [5]];
    const { best, table } = await engine.select(few, { components: [1, 4], covarianceTypes: ["full"] });
    expect(best.components).toBe(1);
    expect(table[1]).toMatchObject({ components: 4, bic: null, failure: { code: "TOO_MANY_COMPONENTS" } });
    await expectRejection(engine.select(few, { components: [4, 5] }), "TOO_MANY_COMPONENTS", /4/);
  });

  test("a collapsed component does not win by its likelihood", async () => {
    const flat = Array.from({ length: 60 }, (_, i) => (i < 20 ? [3, i / 7] : [10 + Math.sin(i * 3), Math.cos(i * 5)]));
    const { best, table } = await engine.select(flat, { components: [1, 2], covarianceTypes: ["full"] });
    expect(table[1].collapsed).toBe(true);
    expect(table[1].bic).toBeLessThan(table[0].bic ?? 0);
    expect(best.components).toBe(1);
  });

  test("tells of every model before it is fitted, and stops by its signal", async () => {
    const controller = new AbortController();
    const told: string[] = [];
    const work = engine.select(points, {
      components: [1, 2, 3],
      covarianceTypes: ["full"],
      signal: controller.signal,
      onModel: ({ components, covarianceType }, index, count) => {
        told.push(`${components} ${covarianceType} ${index} ${count}`);
        if (index === 1) controller.abort();
      },
    });
    await expectRejection(work, "ABORTED", /./);
    expect(told).toEqual(["1 full 0 3", "2 full 1 3"]);
  });

  test.each<[object, RegExp]>([
    [{ components: [] }, /`components` to be an array/],
    [{ components: 3 }, /`components` to be an array/],
    [{ components: [0] }, /`components`/],
    [{ components: [1], covarianceTypes: ["round"] }, /`covarianceTypes`/],
    [{ components: [1], criterion: "dic" }, /`criterion`/],
    [{ components: [1], inference: "variational" }, /`inference` to be "em"/],
    [{ components: [1], tolerence: 1 }, /tolerance/],
  ])("refuses %j before any fit", async (options, message) => {
    const failure = await engine.select(points, options as { components: number[] }).catch((error: Error) => error);
    expect((failure as Error).message).toMatch(message);
  });
});

describe("plan", () => {
  test("says the bytes that points take when they are loaded", async () => {
    for (const weighted of [false, true]) {
      const loaded = await engine.load(points, weighted ? { pointWeights: new Float64Array(800).fill(1) } : {});
      const { bytes } = engine.plan({ points: 800, features: 2, weighted }, { components: 3 });
      expect(bytes.points).toBe(loaded.bytes);
      expect(bytes.peak).toBe(bytes.points + bytes.slots + bytes.lists + bytes.starts + bytes.threads);
    }
  });

  test("grows with what there is to do", () => {
    const of = (shape: object, options: object) =>
      engine.plan({ points: 1e6, features: 8, ...shape }, { components: 8, ...options });
    const base = of({}, {});
    expect(of({ dtype: "f32" }, {}).bytes.points).toBe(base.bytes.points / 2);
    expect(of({ points: 2e6 }, {}).flopsPerStep).toBe(2 * base.flopsPerStep);
    expect(of({}, { covarianceType: "diag" }).flopsPerStep).toBeLessThan(base.flopsPerStep);
    expect(of({}, { components: 200 }).bytes.slots).toBeGreaterThan(base.bytes.slots);
    expect(of({}, { restarts: 4, restartIterations: 10, maxIterations: 50 }).steps).toBe(80);
  });
});
