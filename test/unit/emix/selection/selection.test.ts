import { type CovarianceType, createEngine, type Engine, GaussianMixture, type LoadedPoints } from "emix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveSearch, searchModels } from "../../../../packages/emix/src/selection/search.ts";
import type { SelectionSetting } from "../../../../packages/emix/src/selection/try-model.ts";
import { expectRejection } from "../../../support/failures.ts";

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
    expect(table.map(({ components }) => components)).toEqual([1, 2, 3, 4].flatMap((k) => new Array(6).fill(k)));
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

  test("larger models are skipped after so many that are worse; with enough patience none is", async () => {
    const options = { components: [1, 2, 3, 4, 5, 6, 7], covarianceTypes: ["tied-diag"] as CovarianceType[] };
    const impatient = await engine.select(points, { ...options, patience: 1 });
    const after = impatient.table.slice(4);
    expect(impatient.best.components).toBe(3);
    expect(impatient.table[3]).toMatchObject({ skipped: false, converged: true });
    expect(after.every(({ skipped, bic, failure }) => skipped && bic === null && failure === undefined)).toBe(true);
    const patient = await engine.select(points, { ...options, patience: Number.POSITIVE_INFINITY });
    expect(patient.table.every(({ skipped }) => !skipped)).toBe(true);
    expect(patient.best).toMatchObject({ components: 3, covarianceType: "tied-diag", bic: impatient.best.bic });
  });

  test("likelihoods rise with the number of components, whatever order the numbers were given in", async () => {
    const options = { covarianceTypes: ["full"] as CovarianceType[], patience: 9, tolerance: 1e-8 };
    const { table } = await engine.select(points, { ...options, components: [5, 1, 3, 2, 4] });
    expect(table.map(({ components }) => components)).toEqual([1, 2, 3, 4, 5]);
    const bounds = table.map(({ lowerBound }) => lowerBound ?? Number.NaN);
    expect(bounds.every((bound, i) => i === 0 || bound > bounds[i - 1] - 1e-6)).toBe(true);
  });

  test("once fresh models gain nothing, few are made", async () => {
    const twelve = GaussianMixture.fromParameters({
      weights: new Array(12).fill(1 / 12),
      means: Array.from({ length: 12 }, (_, i) => [100 * i]),
      covariances: new Array(12).fill(1),
    });
    const loaded = await engine.load({ data: twelve.sample(3000, { seed: 1 }).points, features: 1 });
    const starts = new Map<number, number>();
    const fitter: SelectionSetting<LoadedPoints>["fitter"] = {
      fit(own, options) {
        if (options.initialization === undefined) starts.set(options.components, options.components);
        return engine.fit(own, options);
      },
      icl: (own, options) => engine.icl(own, options),
      score: (own, options) => engine.score(own, options),
    };
    const components = [12, 13, 14, 15, 16, 17, 18, 19];
    const search = resolveSearch({ components, covarianceTypes: ["spherical"], patience: 99 }, {});
    const setting = { fitter, points: { fitted: loaded, heldOut: null }, fit: {} };
    const { best, table } = await searchModels<LoadedPoints>(search, setting);
    expect([best.row.components, table.length]).toEqual([12, 8]);
    expect(starts.has(12)).toBe(true);
    expect(starts.size).toBeLessThan(components.length);
  });

  test("points that are held out judge, and all points make the mixture", async () => {
    const options = { components: [1, 2, 3, 4, 5], seed: 7, criterion: "held-out" } as const;
    const weights = Array.from({ length: 800 }, (_, i) => 1 + (i % 2));
    const { best, table, mixture, fit } = await engine.select(points, { ...options, pointWeights: weights });
    expect(best.components).toBe(3);
    expect(best.heldOut).toBe(Math.max(...table.map(({ heldOut }) => heldOut ?? Number.NEGATIVE_INFINITY)));
    const again = await engine.fit(points, {
      components: 3,
      covarianceType: best.covarianceType,
      initialization: mixture,
      pointWeights: weights,
    });
    expect(Math.abs(again.lowerBound - fit.lowerBound)).toBeLessThan(1e-6);
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
    const { best, table } = await engine.select(flat, { components: [2], covarianceTypes: ["full", "tied"] });
    expect(table.map(({ collapsed }) => collapsed)).toEqual([true, false]);
    expect(table[0].bic).toBeLessThan(table[1].bic ?? 0);
    expect(best.covarianceType).toBe("tied");
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
    [{ components: [1], patience: 0 }, /`patience`/],
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

  test("counts the order of many points", async () => {
    const loaded = await engine.load({ data: new Float64Array(2 * 5000).map((_, i) => i), features: 2 });
    expect(engine.plan({ points: 5000, features: 2 }, { components: 3 }).bytes.points).toBe(loaded.bytes);
  });

  test("grows with what there is to do", () => {
    const of = (shape: object, options: object) =>
      engine.plan({ points: 1e6, features: 8, ...shape }, { components: 8, ...options });
    const base = of({}, {});
    // Order and nodes of many points take the same, whatever their numbers take.
    expect(of({ dtype: "f32" }, {}).bytes.points).toBe(base.bytes.points - 4 * 8 * 1e6);
    expect(of({ points: 2e6 }, {}).flopsPerStep).toBe(2 * base.flopsPerStep);
    expect(of({}, { covarianceType: "diag" }).flopsPerStep).toBeLessThan(base.flopsPerStep);
    expect(of({}, { components: 200 }).bytes.slots).toBeGreaterThan(base.bytes.slots);
    expect(of({}, { restarts: 4, maxIterations: 50 }).steps).toBe(200);
  });
});
