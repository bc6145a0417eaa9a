import { runInNewContext } from "node:vm";
import { type FitOptions, GaussianMixture, resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { expectFailure } from "../../../../support/failures.ts";

const resolve = (options: unknown) => resolveFitOptions(options as FitOptions);

describe("options of fit", () => {
  test("defaults", () => {
    expect(resolve({ components: 3 })).toEqual({
      components: 3,
      covarianceType: "full",
      tolerance: 1e-6,
      acceleration: "lbfgs",
      schedule: "progressive",
      stopRule: "remaining",
      maxIterations: 500,
      restarts: 1,
      restartStrategy: "race",
      goal: Number.NEGATIVE_INFINITY,
      regularization: 1e-12,
      granularity: 0,
      emptyComponent: "reseed",
      inference: "em",
      prior: null,
      initialization: "default",
      fixed: null,
      known: null,
      refine: false,
      seed: 0,
      compute: "f64",
    });
  });

  test("what is given stands; undefined is not given", () => {
    const given = { components: 2, maxIterations: 7, tolerance: 0, seed: "a", regularization: { absolute: 1 } };
    expect(resolve({ ...given, restarts: undefined })).toMatchObject({ ...given, restarts: 1 });
    expect(resolve({ components: 1, granularity: [0, 1], seed: -1.5 })).toMatchObject({
      granularity: [0, 1],
      seed: -1.5,
    });
  });

  test.each<[string, string | undefined]>([
    ["tol", "tolerance"],
    ["n_components", "components"],
    ["max_iter", "maxIterations"],
    ["covariance_type", "covarianceType"],
    ["restart", "restarts"],
    ["sead", "seed"],
    ["initialisation", "initialization"],
    ["emptyComponents", "emptyComponent"],
    ["whatever", undefined],
    ["k", "components"],
    ["n_init", "restarts"],
    ["randomState", "seed"],
    ["reg_covar", "regularization"],
    ["weights", undefined],
  ])("unknown option %s: meant was %s", (name, meant) => {
    const known =
      "components, covarianceType, tolerance, acceleration, schedule, stopRule, maxIterations, restarts, restartStrategy, goal, regularization, " +
      "granularity, emptyComponent, inference, prior, initialization, fixed, knownComponents, refine, seed, compute";
    const guess = meant === undefined ? "" : ` Did you mean \`${meant}\`?`;
    const error = expectFailure(
      () => resolve({ components: 1, [name]: 1 }),
      "UNKNOWN_OPTION",
      `Unknown option \`${name}\`.${guess} Known options: ${known}.`,
    );
    expect(error.details).toEqual({ option: name, known: known.split(", ") });
  });

  test("unknown fields of an option", () => {
    expectFailure(
      () => resolve({ components: 1, regularization: { absolute: 1, relative: 1 } }),
      "UNKNOWN_OPTION",
      "Unknown option `regularization.relative`. Fields of `regularization`: absolute.",
    );
    const error = expectFailure(
      () => resolve({ components: 1, prior: { meanPrecison: 1 } }),
      "UNKNOWN_OPTION",
      /^Unknown option `prior\.meanPrecison`\. Did you mean `meanPrecision`\? Fields of `prior`: weightConcentration, /,
    );
    expect(error.details.option).toBe("prior.meanPrecison");
  });

  test.each([undefined, null, 3, "k"])("options must be an object: %s", (given) => {
    expectFailure(() => resolve(given), "INVALID_OPTION", /^Expected `options` to be a plain object, got/);
  });

  test.each([
    [new ArrayBuffer(8), "an object of class ArrayBuffer"],
    [[], "an array of length 0"],
    [new Map([["components", 2]]), "an object of class Map"],
    [Object.create({ components: 2 }), "an object of class Object"],
    [new (class Settings {})(), "an object of class Settings"],
  ])("options must be plain, or what they inherit would be ignored: %o", (given, words) => {
    expectFailure(() => resolve(given), "INVALID_OPTION", `Expected \`options\` to be a plain object, got ${words}.`);
  });

  test.each([
    ["without a prototype", Object.assign(Object.create(null), { components: 2 })],
    ["of another realm", runInNewContext("({ components: 2 })")],
  ])("options may be an object %s", (_, given) => {
    expect(resolve(given).components).toBe(2);
  });

  test("variational inference has a prior without being asked, and no policy", () => {
    const prior = { weightConcentration: 1, weightConcentrationType: "process", meanPrecision: 1 };
    const byDefault = {
      prior,
      emptyComponent: "keep",
      tolerance: 1e-3,
      acceleration: "none",
      schedule: "full",
      stopRule: "change",
    };
    expect(resolve({ components: 1, inference: "variational" })).toMatchObject(byDefault);
    expectFailure(
      () => resolve({ components: 1, inference: "variational", emptyComponent: "keep" }),
      "INVALID_OPTION",
      'Expected `emptyComponent` to be left out when `inference` is "variational", which empties no component, got "keep".',
    );
  });

  test("longer steps are taken where they can be, parts of the points with them and from a fresh start", () => {
    const pace = (options: object) => {
      const { acceleration, schedule } = resolve({ components: 1, ...options });
      return [acceleration, schedule];
    };
    const mixture = GaussianMixture.fromParameters({ weights: [1], means: [[0]], covariances: [1] });
    expect(pace({ regularization: { absolute: 0 } })).toEqual(["lbfgs", "progressive"]);
    expect(pace({ regularization: { absolute: 1e-6 } })).toEqual(["none", "full"]);
    expect(pace({ acceleration: "none" })).toEqual(["none", "full"]);
    expect(pace({ acceleration: "none", schedule: "progressive" })).toEqual(["none", "progressive"]);
    expect(pace({ initialization: mixture })).toEqual(["lbfgs", "full"]);
    expect(pace({ initialization: mixture, schedule: "progressive" })).toEqual(["lbfgs", "progressive"]);
    const refused = { acceleration: "lbfgs", regularization: { absolute: 1e-6 } };
    expectFailure(
      () => pace(refused),
      "INVALID_OPTION",
      'Expected `acceleration` to be "none" with an absolute `regularization`, which L-BFGS cannot follow, got "lbfgs".',
    );
    expectFailure(
      () => pace({ acceleration: "lbfgs", inference: "variational" }),
      "INVALID_OPTION",
      'Expected `acceleration` to be "none" with `inference: "variational"`, which L-BFGS cannot follow, got "lbfgs".',
    );
    expectFailure(
      () => pace({ schedule: "progressive", inference: "variational" }),
      "INVALID_OPTION",
      'Expected `schedule` to be "full" with `inference: "variational"`, got "progressive".',
    );
  });

  test("rules of priors that depend on the inference", () => {
    const withEm = (prior: unknown) => () => resolve({ components: 2, prior });
    expectFailure(
      withEm({ weightConcentration: 0.5 }),
      "INVALID_OPTION",
      'Expected `prior.weightConcentration` to be at least 1 when `inference` is "em", got 0.5.',
    );
    expectFailure(
      withEm({ weightConcentrationType: "process" }),
      "INVALID_OPTION",
      'Expected `prior.weightConcentrationType` to be left out when `inference` is "em", got "process".',
    );
    expect(resolve({ components: 2, prior: { weightConcentration: 1 } }).prior).toEqual({
      weightConcentration: 1,
      meanPrecision: 0.01,
    });
    const prior = { weightConcentration: 1e-3, weightConcentrationType: "distribution", meanPrecision: 1e100 };
    expect(resolve({ components: 2, inference: "variational", prior }).prior).toEqual(prior);
    expect(resolve({ components: 4, inference: "variational", prior: {} }).prior?.weightConcentration).toBe(1 / 4);
    expectFailure(withEm(3), "INVALID_OPTION", "Expected `prior` to be a plain object, got 3.");
    expectFailure(withEm(null), "INVALID_OPTION", "Expected `prior` to be a plain object, got null.");
  });
});

describe("a mixture to start from", () => {
  const initialization = GaussianMixture.fromParameters({
    weights: [0.5, 0.25, 0.25],
    means: [[0], [1], [2]],
    covariances: [[1], [1], [1]],
    covarianceType: "diag",
  });

  test("decides components and covariance type, and stays as plain parameters", () => {
    const { components, covarianceType, initialization: start } = resolve({ initialization });
    expect([components, covarianceType]).toEqual([3, "diag"]);
    expect(start).toBe(initialization.parameters);
    const alike = { components: 3, covarianceType: "diag", restarts: 1, maxIterations: 5 };
    expect(resolve({ ...alike, initialization })).toMatchObject(alike);
    expect(resolve({ initialization: { parameters: initialization.parameters } }).initialization).toBe(start);
  });

  test.each<[string, unknown, string]>([
    ["covarianceType", "full", 'Expected `covarianceType` to be "diag", as of the mixture to start from, got "full".'],
    [
      "restarts",
      2,
      "Expected `restarts` to be 1 with a mixture to start from, as all starts would be the same, got 2.",
    ],
  ])("%s: %j contradicts it", (option, value, message) => {
    const error = expectFailure(() => resolve({ initialization, [option]: value }), "INVALID_OPTION", message);
    expect(error.details.option).toBe(option);
  });

  test("may have another number of components, but for variational inference", () => {
    expect(resolve({ initialization, components: 5 }).components).toBe(5);
    expectFailure(
      () => resolve({ initialization, components: 2, inference: "variational" }),
      "INVALID_OPTION",
      "Expected `components` to be 3, as many as the mixture to start from has, got 2.",
    );
  });

  test("plain parameters and half a mixture are none", () => {
    const expected =
      /^Expected `initialization` to be "default", "fast", "thorough", "k-means\+\+", "random", a GaussianMixture, \{ labels \}, \{ responsibilities \} or \{ means \}, got /;
    const { factors: _, ...half } = initialization.parameters;
    for (const wrong of [initialization.parameters, { parameters: half }, { parameters: null }, {}]) {
      expectFailure(() => resolve({ components: 3, initialization: wrong }), "INVALID_OPTION", expected);
    }
    const round = { ...initialization.parameters, covarianceType: "round" };
    expectFailure(() => resolve({ initialization: { parameters: round } }), "INVALID_OPTION", expected);
  });

  test("without one, components must be given", () => {
    expectFailure(
      () => resolve({}),
      "INVALID_OPTION",
      "Expected `components` to be an integer of at least 1, got undefined.",
    );
  });
});
