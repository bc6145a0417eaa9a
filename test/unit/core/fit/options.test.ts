import { type FitOptions, resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { expectFailure } from "../../../support/failures.ts";

const resolve = (options: unknown) => resolveFitOptions(options as FitOptions);

describe("options of fit", () => {
  test("defaults", () => {
    expect(resolve({ components: 3 })).toEqual({
      components: 3,
      covarianceType: "full",
      tolerance: 1e-6,
      maxIterations: 200,
      restarts: 1,
      restartIterations: 200,
      regularization: 1e-12,
      granularity: 0,
      emptyComponent: "reseed",
      inference: "em",
      prior: null,
      initialization: "k-means++",
      seed: 0,
      compute: "f64",
    });
  });

  test("what is given stands; undefined is not given", () => {
    const given = { components: 2, maxIterations: 7, tolerance: 0, seed: "a", regularization: { absolute: 1 } };
    expect(resolve({ ...given, restarts: undefined })).toMatchObject({ ...given, restarts: 1, restartIterations: 7 });
    expect(resolve({ components: 1, granularity: [0, 1], seed: -1.5 })).toMatchObject({
      granularity: [0, 1],
      seed: -1.5,
    });
  });

  test("unknown options throw and name the known ones", () => {
    const error = expectFailure(
      () => resolve({ components: 1, tol: 1 }),
      "UNKNOWN_OPTION",
      /^Unknown option `tol`; known/,
    );
    expect(error.details.known).toContain("tolerance");
    expectFailure(
      () => resolve({ components: 1, regularization: { absolute: 1, relative: 1 } }),
      "UNKNOWN_OPTION",
      "Unknown option `relative`; known options are absolute.",
    );
  });

  const integer = "an integer from 1 up";
  const notNegative = "a finite number from 0 up";
  test.each<[string, unknown, string, string]>([
    ["components", undefined, integer, "undefined"],
    ["components", 0, integer, "0"],
    ["components", 1.5, integer, "1.5"],
    ["components", "3", integer, '"3"'],
    ["components", Number.NaN, integer, "NaN"],
    ["components", 2 ** 53, integer, "9007199254740992"],
    ["maxIterations", 0, integer, "0"],
    ["restarts", -1, integer, "-1"],
    ["restartIterations", 0, integer, "0"],
    ["covarianceType", "diagonal", "one of full, tied, diag, spherical", '"diagonal"'],
    ["covarianceType", null, "one of full, tied, diag, spherical", "null"],
    ["initialization", "kmeans", "one of k-means++, random", '"kmeans"'],
    ["tolerance", -1e-9, notNegative, "-1e-9"],
    ["tolerance", Number.NaN, notNegative, "NaN"],
    ["tolerance", Number.POSITIVE_INFINITY, notNegative, "Infinity"],
    ["regularization", -1, notNegative, "-1"],
    ["regularization", null, notNegative, "null"],
    ["regularization", () => 1, notNegative, "a function"],
    ["granularity", -1, notNegative, "-1"],
    ["granularity", [0, Number.NaN], notNegative, "NaN"],
    ["granularity", "all", notNegative, '"all"'],
    ["emptyComponent", "ignore", "one of keep, reseed, drop, error", '"ignore"'],
    ["seed", Number.NaN, "a finite number or a string", "NaN"],
    ["seed", null, "a finite number or a string", "null"],
    ["seed", {}, "a finite number or a string", "an object with keys (none)"],
  ])("%s: %j is refused", (option, value, wanted, got) => {
    const error = expectFailure(
      () => resolve({ components: 2, [option]: value }),
      "INVALID_OPTION",
      `Expected \`${option}\` to be ${wanted}, got ${got}.`,
    );
    expect(error.details.option).toBe(option);
  });

  test.each([undefined, null, 3, "k"])("options must be an object: %s", (given) => {
    expectFailure(() => resolve(given), "INVALID_OPTION", /^Expected `options` to be an object, got/);
  });

  test("variational inference has a prior without being asked, and no policy", () => {
    const byDefault = { prior: {}, emptyComponent: "keep", tolerance: 1e-3 };
    expect(resolve({ components: 1, inference: "variational" })).toMatchObject(byDefault);
    expectFailure(
      () => resolve({ components: 1, inference: "variational", emptyComponent: "keep" }),
      "INVALID_OPTION",
      'Expected `emptyComponent` to be left out with inference "variational", which empties none, got "keep".',
    );
    expectFailure(
      () => resolve({ components: 1, inference: "bayes" }),
      "INVALID_OPTION",
      'Expected `inference` to be one of em, variational, got "bayes".',
    );
  });

  const size = "a number from 1e-100 to 1e100";
  test.each<[string, unknown, string, string]>([
    ["weightConcentration", 0.5, 'a number from 1 up with inference "em"', "0.5"],
    ["weightConcentration", "2", size, '"2"'],
    ["weightConcentration", 1e101, size, "1e+101"],
    ["weightConcentrationType", "process", 'left out with inference "em"', '"process"'],
    ["meanPrecision", 1e-101, size, "1e-101"],
    ["meanPrecision", Number.NaN, size, "NaN"],
    ["degreesOfFreedom", -1, size, "-1"],
    ["degreesOfFreedom", null, size, "null"],
  ])("prior.%s: %j is refused with EM", (option, value, wanted, got) => {
    expectFailure(
      () => resolve({ components: 2, prior: { [option]: value } }),
      "INVALID_OPTION",
      `Expected \`prior.${option}\` to be ${wanted}, got ${got}.`,
    );
  });

  test("priors of variational inference, and what is no prior", () => {
    const prior = { weightConcentration: 1e-3, weightConcentrationType: "distribution", meanPrecision: 1e100 };
    expect(resolve({ components: 2, inference: "variational", prior }).prior).toEqual(prior);
    expect(resolve({ components: 2, prior: { weightConcentration: 1 } }).prior).toEqual({ weightConcentration: 1 });
    expectFailure(
      () => resolve({ components: 2, inference: "variational", prior: { weightConcentrationType: "stick" } }),
      "INVALID_OPTION",
      'Expected `prior.weightConcentrationType` to be one of process, distribution, got "stick".',
    );
    expectFailure(() => resolve({ components: 2, prior: { alpha: 1 } }), "UNKNOWN_OPTION", /^Unknown option `alpha`/);
    expectFailure(
      () => resolve({ components: 2, prior: 3 }),
      "INVALID_OPTION",
      /^Expected `prior` to be an object, got 3/,
    );
  });

  test("regularization without its number", () => {
    expectFailure(
      () => resolve({ components: 1, regularization: {} }),
      "INVALID_OPTION",
      "Expected `regularization.absolute` to be a finite number from 0 up, got undefined.",
    );
  });
});
