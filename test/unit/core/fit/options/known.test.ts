import { type FitOptions, GaussianMixture, resolveFitOptions } from "@emix/core";
import { describe, expect, test } from "vitest";
import { expectFailure } from "../../../../support/failures.ts";

const two = GaussianMixture.fromParameters({
  weights: [0.5, 0.5],
  means: [[0], [1]],
  covariances: [1, 1],
  covarianceType: "spherical",
});

describe("known components", () => {
  test("become sets, each once, with all components first", () => {
    const { known, emptyComponent, schedule } = resolveFitOptions({
      components: 3,
      knownComponents: [-1, 2, [2, 0, 2], [0, 1, 2], [0, 2], [1], 1],
    });
    expect(known?.sets).toEqual([[0, 1, 2], [2], [0, 2], [1]]);
    expect([...(known?.setOf ?? [])]).toEqual([0, 1, 2, 0, 2, 3, 3]);
    expect([emptyComponent, schedule]).toEqual(["keep", "full"]);
  });

  test.each([
    [[0, 2], "Expected `knownComponents[1]` to be −1, a component from 0 to 1, or an array of some, got 2."],
    [
      [[]],
      "Expected `knownComponents[0]` to be −1, a component from 0 to 1, or an array of some, got an array of length 0.",
    ],
    [[0, Number.NaN], "Expected `knownComponents[1]` to be −1, a component from 0 to 1, or an array of some, got NaN."],
    [["0"], 'Expected `knownComponents[0]` to be −1, a component from 0 to 1, or an array of some, got "0".'],
  ])("must be components: %j", (given, message) => {
    const knownComponents = given as FitOptions["knownComponents"] & object;
    expectFailure(() => resolveFitOptions({ components: 2, knownComponents }), "INVALID_OPTION", message);
  });

  test.each<[Partial<FitOptions>, string]>([
    [{ inference: "variational" }, 'Expected `inference` to be "em" with `knownComponents`, got "variational".'],
    [
      { initialization: "random" },
      'Expected `initialization` to be left out, or a mixture, with `knownComponents`, got "random".',
    ],
    [
      { restarts: 2 },
      "Expected `restarts` to be 1, as known components make the start, with `knownComponents`, got 2.",
    ],
    [{ schedule: "progressive" }, 'Expected `schedule` to be "full" with `knownComponents`, got "progressive".'],
    [
      { emptyComponent: "reseed" },
      'Expected `emptyComponent` to be "keep" or "error" with `knownComponents`, got "reseed".',
    ],
    [{ refine: true }, "Expected `refine` to be false with `knownComponents`, got true."],
    [{ compute: "f32" }, 'Expected `compute` to be "f64" with `knownComponents`, got "f32".'],
  ])("go with no %j", (more, message) => {
    expectFailure(() => resolveFitOptions({ components: 2, knownComponents: [0], ...more }), "INVALID_OPTION", message);
  });

  test("go with a mixture of as many components", () => {
    const options = { initialization: two, knownComponents: [0, 1] };
    expect(resolveFitOptions({ components: 2, ...options }).known?.sets).toHaveLength(3);
    expectFailure(
      () => resolveFitOptions({ components: 3, ...options }),
      "INVALID_OPTION",
      /a mixture of 3 components, as many as asked for, with/,
    );
  });
});
