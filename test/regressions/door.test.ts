import { createEngine, EmixError, fit, fitModelEm, GaussianMixture, getQ, initialize } from "emix";
import { afterAll, describe, expect, test } from "vitest";
import { clusters } from "../support/points.ts";

// What used to come through the door: text taken for numbers, options nobody reads, NaN, and errors of the language.

const points = clusters(40, 2, 2, "door");
const mixture = GaussianMixture.fromParameters({
  weights: [1, 0],
  means: [0, 0, 1, 1],
  covariances: [1, 1],
  covarianceType: "spherical",
});
const engine = await createEngine({ offThread: false, threads: 1 });
afterAll(() => engine.close());

const as = <T>(value: unknown) => value as T;

async function failureOf(work: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return error;
  }
}

describe("refused by name", () => {
  test.each<[string, () => PromiseLike<unknown>, string, RegExp]>([
    ["no options", () => fit(points, as(null)), "INVALID_OPTION", /`components`/],
    ["no arguments", () => initialize(points, as(undefined)), "INVALID_OPTION", /`components`/],
    ["no mixture", () => getQ(points, as({ assignmentProbs: [] })), "INVALID_OPTION", /`mixture`/],
    ["a signal that is none", () => fit(points, as({ components: 2, signal: {} })), "INVALID_OPTION", /an AbortSignal/],
    [
      "a listener that is none",
      () => fit(points, as({ components: 2, onStep: 5 })),
      "INVALID_OPTION",
      /a function, got 5/,
    ],
    [
      "a misspelt option of a start",
      () => initialize(points, as({ components: 2, sed: 1 })),
      "UNKNOWN_OPTION",
      /`sed`/,
    ],
    [
      "a misspelt option of steps",
      () => fitModelEm(points, as({ mixture, steps: 1, ridge: 1 })),
      "UNKNOWN_OPTION",
      /`ridge`/,
    ],
    [
      "a negative floor",
      () => fitModelEm(points, { mixture, steps: 1, regularization: -1 }),
      "INVALID_OPTION",
      /got -1/,
    ],
    [
      "NaN among the probabilities",
      () => getQ(points, { mixture, assignmentProbs: new Float64Array(80).fill(Number.NaN) }),
      "INVALID_OPTION",
      /got NaN/,
    ],
    [
      "probabilities for other components",
      () => getQ(points, { mixture, assignmentProbs: new Float64Array(120) }),
      "INVALID_OPTION",
      /2 numbers for each point, got 3/,
    ],
    ["a limit that is text", () => createEngine({ memoryLimit: as("1") }), "INVALID_OPTION", /number of bytes/],
    [
      "a floor beyond the doubles",
      () => fit(points, { components: 1, regularization: 1e308 }),
      "INVALID_OPTION",
      /finite/,
    ],
    [
      "steps beyond the doubles",
      () => fit(points, { components: 1, granularity: [0, 1e200] }),
      "INVALID_OPTION",
      /finite/,
    ],
  ])("%s", async (_, work, code, message) => {
    const failure = await failureOf(work);
    expect(failure).toBeInstanceOf(EmixError);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("numbers nested without end", () => {
    const endless: unknown[] = [];
    endless.push(endless);
    expect(() => GaussianMixture.fromParameters({ weights: [1], means: as(endless), covariances: [1] })).toThrow(
      "Expected `means` to be nested at most 3 levels deep.",
    );
  });

  test("a model whose residuals are no rounding", () => {
    const json = { ...mixture.toJSON(), meansResidual: [5, 0, 0, 0] };
    expect(() => GaussianMixture.fromJSON(json)).toThrow("Expected `meansResidual`");
  });
});

test("a probability for a component of weight 0 is worth −∞, not NaN", async () => {
  expect(await getQ(points, { mixture, assignmentProbs: new Float64Array(80).fill(0.5) })).toBe(
    Number.NEGATIVE_INFINITY,
  );
});

test.each([true, false])("a listener that throws ends its own work only, offThread: %s", async (offThread) => {
  await using own = await createEngine({ offThread, threads: 1 });
  const onStep = () => {
    throw new RangeError("mine");
  };
  const other = own.fit(points, { components: 2 });
  expect(await failureOf(() => own.fit(points, { components: 2, onStep }))).toMatchObject({ message: "mine" });
  expect((await other).mixture.components).toBe(2);
  expect((await own.fit(points, { components: 2 })).mixture.components).toBe(2);
});

describe('missing: "skip"', () => {
  const gaps = [3, 17];
  const data = points.data.map((x, i) => (gaps.includes(Math.floor(i / 2)) && i % 2 === 1 ? Number.NaN : x));
  const whole = points.data.filter((_, i) => !gaps.includes(Math.floor(i / 2)));

  test("a fit leaves incomplete rows out, and says how many", async () => {
    const skipping = { components: 2, missing: "skip", initialization: "random", maxIterations: 50 } as const;
    const { lowerBound, warnings } = await engine.fit({ data, features: 2 }, { ...skipping, components: 1 });
    const without = await engine.fit({ data: whole, features: 2 }, { components: 1 });
    expect(lowerBound).toBeCloseTo(without.lowerBound, 12);
    expect(warnings).toEqual([{ code: "MISSING_POINTS", points: 2, firstIteration: 0, lastIteration: 0 }]);
    const complete = await engine.fit(points, skipping);
    expect(complete).toEqual(await engine.fit(points, { ...skipping, missing: "error" }));
  });

  test("loaded, they score; one by one, or weighted anew, they are refused", async () => {
    const loaded = await engine.load({ data, features: 2 }, { missing: "skip" });
    expect([loaded.count, loaded.skipped]).toEqual([40, 2]);
    const one = GaussianMixture.fromParameters({
      weights: [1],
      means: [[0, 0]],
      covariances: [
        [
          [1, 0],
          [0, 1],
        ],
      ],
    });
    expect(await engine.score(loaded, { mixture: one })).toBeCloseTo(one.score({ data: whole, features: 2 }), 12);
    expect(await failureOf(() => engine.predict(loaded, { mixture: one }))).toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("2 skipped when they were loaded"),
    });
    const pointWeights = new Array<number>(40).fill(1);
    expect(await failureOf(() => engine.fit(loaded, { components: 1, pointWeights }))).toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining("`pointWeights` to be given when these points were loaded"),
    });
  });
});
