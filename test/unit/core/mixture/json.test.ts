import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { expectFailure } from "../../../support/failures.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../../../support/scenes.ts";

const model = () => JSON.parse(JSON.stringify(mixtureOf("full", 2, 2, randomStream(3, "json"))));

describe("model files", () => {
  test.each(COVARIANCE_TYPES)("keep every bit: %s", (type) => {
    const mixture = mixtureOf(type, 3, 2, randomStream(3, "json"));
    const back = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(mixture)));
    expect(back).toEqual(mixture);
    expect(back.toJSON()).toEqual(mixture.toJSON());
  });

  test("the factor is the state: it is read, not made again from the covariances", () => {
    const json = model();
    json.factors = json.factors.map((value: number) => value * (1 + 2 ** -52));
    expect([...GaussianMixture.fromJSON(json).parameters.factors]).toEqual(json.factors);
  });

  test("zeros have no sign that JSON would lose", () => {
    const mixture = GaussianMixture.fromParameters({
      weights: [1],
      means: [0, 0, 0],
      covariances: [2, 0, 0, 0, 2, 0, 0, 0, 2],
    });
    expect(mixture.parameters.factors.some((value) => Object.is(value, -0))).toBe(false);
  });

  test.each([
    [undefined, "undefined"],
    [null, "null"],
    [3, "3"],
    ["text", '"text"'],
    [[], "an array of length 0"],
    [{}, "an object with keys (none)"],
    [{ format: "other" }, 'format "other"'],
    [{ format: "emix-model", version: 1 }, "undefined"],
    [{ format: "emix-model", version: 1, mixture: { format: "emix-model" } }, 'format "emix-model"'],
  ])("not a model: %j", (json, got) => {
    expectFailure(
      () => GaussianMixture.fromJSON(json),
      "BAD_MODEL_FILE",
      `Expected a model as \`emix fit --output\` or \`JSON.stringify(mixture)\` writes it, parsed from JSON; got ${got}.`,
    );
  });

  test("the model of the command holds a mixture", () => {
    const mixture = mixtureOf("diag", 3, 2, randomStream(3, "json"));
    const file = { format: "emix-model", version: 1, columns: ["x", "y"], mixture: mixture.toJSON(), fit: {} };
    expect(GaussianMixture.fromJSON(JSON.parse(JSON.stringify(file)))).toEqual(mixture);
    expectFailure(() => GaussianMixture.fromJSON({ ...file, version: 3 }), "BAD_MODEL_FILE", /version 1 to 2 .* got 3/);
  });

  test("version 1 is read, alone and inside a model of the command", () => {
    const mixture = mixtureOf("tied", 3, 2, randomStream(3, "json"));
    const old = { ...mixture.toJSON(), format: "emix-mixture", version: 1 };
    expect(GaussianMixture.fromJSON(old)).toEqual(mixture);
    const file = { format: "emix-model", version: 1, columns: ["x", "y"], mixture: old, fit: {} };
    expect(GaussianMixture.fromJSON(file)).toEqual(mixture);
    expectFailure(() => GaussianMixture.fromJSON({ ...old, version: 2 }), "BAD_MODEL_FILE", /version 1 to 2/);
  });

  test("a model is read for its mixture, unless its columns are transformed", () => {
    const mixture = mixtureOf("diag", 3, 2, randomStream(3, "json"));
    const file = { ...mixture.toJSON(), columns: ["x", "y"] };
    expect(GaussianMixture.fromJSON(file)).toEqual(mixture);
    const transforms = [
      { log: true, centre: 0, scale: 1 },
      { log: false, centre: 0, scale: 1 },
    ];
    expectFailure(() => GaussianMixture.fromJSON({ ...file, transforms }), "BAD_MODEL_FILE", /of transformed columns/);
  });

  const posterior = {
    weightConcentrationType: "distribution",
    weightConcentration: [1, 2],
    meanPrecision: [3, 4],
    degreesOfFreedom: [5, 1.5],
  };

  test("a posterior is kept, and is a value of its own", () => {
    const mixture = GaussianMixture.fromJSON({ ...model(), posterior });
    expect(JSON.parse(JSON.stringify(mixture)).posterior).toEqual(posterior);
    mixture.posterior?.meanPrecision.fill(0);
    expect([...(mixture.posterior?.meanPrecision ?? [])]).toEqual([3, 4]);
    expect(GaussianMixture.fromJSON(model()).posterior).toBeUndefined();
  });

  test.each<[string, unknown, RegExp]>([
    ["null", null, /`weightConcentrationType` of the model to be process or distribution, got undefined/],
    ["another type", { ...posterior, weightConcentrationType: "stick" }, /process or distribution, got "stick"/],
    ["sticks that are no pairs", { ...posterior, weightConcentrationType: "process" }, /to be 4 finite numbers/],
    [
      "a concentration of 0",
      { ...posterior, weightConcentration: [0, 1] },
      /`weightConcentration` of the model to be numbers above 0/,
    ],
    ["no mean precisions", { ...posterior, meanPrecision: undefined }, /`meanPrecision` of the model to be 2 finite/],
    [
      "too few degrees of freedom",
      { ...posterior, degreesOfFreedom: [5, 1] },
      /`degreesOfFreedom` of the model to be numbers above 1/,
    ],
  ])("a posterior with %s is refused", (_what, given, message) => {
    expectFailure(() => GaussianMixture.fromJSON({ ...model(), posterior: given }), "BAD_MODEL_FILE", message);
  });

  test.each<[string, object, RegExp]>([
    [
      "a later version",
      { version: 3 },
      /^Expected version 1 to 2 of the model format, got 3; update emix to read this model\.$/,
    ],
    ["no version", { version: undefined }, /got undefined; update emix/],
    ["no type", { covarianceType: undefined }, /The model cannot be used\. .*got undefined/],
    ["an unknown type", { covarianceType: "round" }, new RegExp(`one of ${COVARIANCE_TYPES.join(", ")}, got "round"`)],
    ["a type that is no text", { covarianceType: Object.create(null) }, /The model cannot be used/],
    ["another type", { covarianceType: "diag" }, /hold 4 numbers: type "diag"/],
    ["no weights", { weights: undefined }, /The model cannot be used/],
    ["weights of text", { weights: ["a", "b"] }, /`weights` to be numbers/],
    ["null weights", { weights: null }, /`weights` to be numbers/],
    ["weights beyond 1", { weights: [0.5, 0.6] }, /sum to 1/],
    ["NaN means", { means: [1, 2, null, 4] }, /`means` to be numbers/],
    ["too few means", { means: [1, 2, 3] }, /k × d numbers/],
    ["singular covariances", { covariances: [1, 1, 1, 1, 1, 0, 0, 1] }, /`covariances` of the model to agree/],
    ["negative variances", { covariances: [-5, 0, 0, -5, 1, 0, 0, 1] }, /`covariances` of the model to agree/],
    ["no factors", { factors: undefined }, /`factors` of the model to be 6 finite numbers/],
    ["few factors", { factors: [1, 2, 3] }, /`factors` of the model to be 6 finite numbers/],
    ["NaN in factors", { factors: [1, 0, 1, 1, 0, null] }, /6 finite numbers/],
    [
      "a zero on a factor's diagonal",
      { factors: [1, 0, 0, 1, 0, 1] },
      /`factors` of the model to have positive diagonals/,
    ],
    ["a negative one", { factors: [-1, 0, -1, 1, 0, 1] }, /`factors` of the model to have positive diagonals/],
    ["one near 0", { factors: [5e-324, 0, 1, 1, 0, 1] }, /`covariances` of the model to agree/],
    ["one too large", { factors: [1, 1e308, 1, 1, 0, 1] }, /`covariances` of the model to agree/],
    ["no residuals", { meansResidual: undefined }, /`meansResidual` of the model to be 4 finite/],
    ["other components", { components: 3 }, /`components` and `features` of the model to match/],
    ["other features", { features: 1 }, /`components` and `features` of the model to match/],
  ])("%s: a typed error", (_, change, message) => {
    expectFailure(() => GaussianMixture.fromJSON({ ...model(), ...change }), "BAD_MODEL_FILE", message);
  });
});
