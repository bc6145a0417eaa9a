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
    ["no options", () => fit(points, as(null)), "INVALID_OPTION", /a plain object/],
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
