import { createEngine, fit, GaussianMixture, getQ } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { firstDifference } from "../../support/compare.ts";
import { expectRejection } from "../../support/failures.ts";
import { clusters } from "../../support/points.ts";

const points = clusters(500, 3, 4, "engine methods");
const pointWeights = Array.from({ length: 500 }, (_, i) => (i % 5) / 2);
const remote = await createEngine({ threads: 2 });
const local = await createEngine({ threads: 1, offThread: false });
afterAll(() => Promise.all([remote.close(), local.close()]));

const { mixture } = await local.fit(points, { components: 3, maxIterations: 5 });
const bayes = (await local.fit(points, { components: 3, maxIterations: 5, inference: "variational" })).mixture;
const empty = GaussianMixture.fromParameters({
  weights: [1, 0],
  means: [0, 0, 0, 5, 5, 5],
  covariances: [1, 2],
  covarianceType: "spherical",
});

describe.each([
  ["a thread of its own", remote],
  ["the calling thread", local],
])("an engine in %s has the methods of a mixture", (_, engine) => {
  test.each(["predict", "predictProba", "logProb", "conditionalLogProb", "logComponentPosterior"] as const)(
    "%s, bit for bit",
    async (method) => {
      for (const asked of [mixture, bayes, empty]) {
        const found = await engine[method](points, { mixture: asked });
        const expected = asked[method](points);
        expect(found.length).toBe(expected.length);
        expect(firstDifference(found, expected)).toBe(-1);
      }
    },
  );

  test.each(["score", "aic", "bic", "icl"] as const)("%s, with weights and without", async (method) => {
    for (const asked of [mixture, bayes, empty]) {
      expect(await engine[method](points, { mixture: asked })).toBe(asked[method](points));
      expect(await engine[method](points, { mixture: asked, pointWeights })).toBe(
        asked[method](points, { pointWeights }),
      );
    }
  });

  test("sample", async () => {
    expect(await engine.sample({ mixture, count: 20, seed: 3 })).toEqual(mixture.sample(20, { seed: 3 }));
    expect(await engine.sample({ mixture, count: 20 })).toEqual(mixture.sample(20));
    await expect(engine.sample({ mixture, count: 0 })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("OTT-JAX's names", async () => {
    const assignmentProbs = await engine.getAssignmentProbs(points, { mixture });
    expect(assignmentProbs).toEqual(mixture.predictProba(points));
    expect(await engine.logProbLoss(points, { mixture, pointWeights })).toBe(-mixture.score(points, { pointWeights }));
    const given = { mixture, assignmentProbs, pointWeights };
    expect(await engine.getQ(points, given)).toBe(await engine.expectedLogLikelihood(points, given));
    expect(await engine.getQ(points, given)).toBe(await getQ(points, { ...given, threads: 1 }));
    const start = { components: 3, seed: 2 };
    const drawn = await engine.fromKmeansPlusPlus(points, start);
    expect(await engine.initialize(points, start)).toEqual(drawn);
    const stepped = await engine.fitModelEm(points, { mixture: drawn, steps: 2 });
    const once = await engine.fitModelEm(points, { mixture: drawn, steps: 1 });
    expect(await engine.fitModelEm(points, { mixture: once, steps: 1 })).toEqual(stepped);
  });

  test("gives the most probable components alone where they are asked for, also of rows left out", async () => {
    const rows = [[0.1], [Number.NaN], [40], [2]];
    const near = GaussianMixture.fromParameters({
      weights: [0.2, 0.5, 0.3],
      means: [[0], [3], [40]],
      covariances: [[[1]], [[1]], [[1]]],
    });
    const kept = rows.filter(([x]) => !Number.isNaN(x));
    const all = near.predictProba(kept);
    const own = near.predictProba(kept, { top: 2 });
    expect([...own.components]).toEqual([0, 1, 2, -1, 1, 0]);
    expect([...own.probabilities]).toEqual([all[0], all[1], all[5], 0, all[7], all[6]]);
    const found = await engine.predictProba(rows, { mixture: near, missing: "drop", top: 2 });
    expect([...found.components]).toEqual([0, 1, -1, -1, 2, -1, 1, 0]);
    expect([...found.probabilities]).toEqual([all[0], all[1], Number.NaN, Number.NaN, all[5], 0, all[7], all[6]]);
    await expect(engine.predictProba(rows, { mixture: near, top: 0 })).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
  });

  test("a closed engine draws nothing", async () => {
    await using closed = await createEngine({ threads: 1, offThread: engine === remote });
    await closed.close();
    await expect(closed.sample({ mixture, count: 1 })).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  });
});

describe("one calling convention", () => {
  const as = <T>(value: unknown) => value as T;

  test.each<[string, () => PromiseLike<unknown>]>([
    ["load", () => local.load(points, as({ pointWeight: [] }))],
    ["predict", () => local.predict(points, as({ mixture, pointWeights }))],
    ["logProb", () => local.logProb(points, as({ mixture, onStep: () => {} }))],
    ["score", () => local.score(points, as({ mixture, weights: pointWeights }))],
    ["getQ", () => local.getQ(points, as({ mixture, assignmentProbs: [], seed: 1 }))],
    ["sample", () => local.sample(as({ mixture, count: 1, signal: undefined, n: 1 }))],
    ["fromKmeansPlusPlus", () => local.fromKmeansPlusPlus(points, as({ components: 1, attempts: 3 }))],
    ["fitModelEm", () => local.fitModelEm(points, as({ mixture, steps: 1, tolerance: 1 }))],
    ["fit", () => fit(points, as({ components: 1, thread: 2 }))],
  ])("an unknown option is refused: %s", async (_, work) => {
    await expect(Promise.resolve().then(work)).rejects.toMatchObject({ code: "UNKNOWN_OPTION" });
  });

  test.each([new ArrayBuffer(8), [1, 2], new Map(), Object.create({ threads: 1 })])(
    "options are a plain object, not %o",
    async (given) => {
      await expectRejection(local.load(points, as(given)), "INVALID_OPTION", /`options` to be a plain object/);
      await expectRejection(local.fit(points, as(given)), "INVALID_OPTION", /`options` to be a plain object/);
      await expectRejection(createEngine(as(given)), "INVALID_OPTION", /`options` to be a plain object/);
    },
  );

  test("mixtures take options as well", () => {
    expect(() => mixture.score(points, as({ weights: pointWeights }))).toThrow(/Unknown option `weights`/);
    expect(() => mixture.bic(points, as(pointWeights))).toThrow(/`options` to be a plain object, got a/);
    expect(() => mixture.sample(3, as(5))).toThrow(/`options` to be a plain object, got 5/);
    expect(() => mixture.sample(3, as({ sed: 5 }))).toThrow(/Unknown option `sed`/);
  });

  test.each<[string, () => PromiseLike<unknown> | unknown]>([
    ["fit", () => fit(as("data/iris.csv"), { components: 2 })],
    ["an engine's fit", () => local.fit(as("data/iris.csv"), { components: 2 })],
    ["load", () => local.load(as("data/iris.csv"))],
    ["predict", () => local.predict(as("data/iris.csv"), { mixture })],
    ["a mixture's predict", () => mixture.predict(as("data/iris.csv"))],
  ])("a string is no points, whatever it names: %s", async (_, work) => {
    await expect(Promise.resolve().then(work)).rejects.toMatchObject({
      code: "INVALID_POINTS",
      message: expect.stringContaining("loadFile"),
    });
  });

  test("a mixture to start from must have the points' features", async () => {
    const narrow = { components: 2, initialization: empty, covarianceType: "spherical" } as const;
    await expect(local.fit([[1], [2], [3]], narrow)).rejects.toMatchObject({ code: "FEATURES_MISMATCH" });
  });

  test("a file is loaded once, for all methods", async () => {
    const loaded = await local.loadFile(new URL("../../../data/faithful.csv", import.meta.url).pathname);
    const two = (await local.fit(loaded, { components: 2, seed: 3 })).mixture;
    expect((await local.predict(loaded, { mixture: two })).length).toBe(272);
    expect(272 * (await local.score(loaded, { mixture: two }))).toBeCloseTo(-1130.264, 2);
  });
});
