import { readFileSync } from "node:fs";
import { GaussianMixture } from "@emix/core";
import { type Model, readModel, writeModel } from "@emix/io";
import { beforeAll, describe, expect, test } from "vitest";
import { exactJson, modelFromJson, modelToJson } from "../../../../packages/io/src/models/model-json.ts";
import { askPython, interpreter, PATIENCE_MS } from "../../../python/python.ts";
import { expectFailure } from "../../../support/failures.ts";
import { fittedMixture, variationalMixture, wholeModel } from "../../../support/models.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";

const full = fittedMixture({ type: "full" });
const whole = wholeModel(full);
const transforms = [
  { log: true, centre: 3, scale: 0.5 },
  { log: false, centre: -1e-300, scale: 1e3 },
];

describe("a model as JSON", () => {
  test.each(COVARIANCE_TYPES)("keeps every bit: %s", async (type) => {
    const model: Model = { ...wholeModel(fittedMixture({ type, components: 2 })), transforms };
    const bytes = writeModel(model, "json");
    expect(await readModel(bytes)).toEqual(model);
    expect(writeModel(await readModel(bytes), "json")).toEqual(bytes);
  });

  test("keeps the sign of zero", async () => {
    const mixture = GaussianMixture.fromParameters({ weights: [1], means: [-0], covariances: [1] });
    const { means } = (await readModel(writeModel({ mixture: mixture.parameters }, "json"))).mixture;
    expect(means[0]).toBe(-0);
    expect(exactJson({ a: [-0, 0, -1] })).toBe('{"a":[-0,0,-1]}');
  });

  test("is one format with the library's: each reads what the other wrote", () => {
    expect(modelFromJson(JSON.parse(JSON.stringify(full)))).toEqual({ mixture: full.parameters });
    expect(GaussianMixture.fromJSON(JSON.parse(JSON.stringify(modelToJson(whole))))).toEqual(full);
  });

  test("reads version 1, of the command and of the library", () => {
    const old = { ...full.toJSON(), format: "emix-mixture", version: 1 };
    expect(modelFromJson(old)).toEqual({ mixture: full.parameters });
    const fit = { points: 9, dropped: 0, lowerBound: -1, converged: true, iterations: 4, warnings: [] };
    const file = { format: "emix-model", version: 1, columns: ["a", "b=a+1"], mixture: old, fit };
    expect(modelFromJson(file)).toEqual({ mixture: full.parameters, columns: ["a", "b=a+1"], fit });
  });

  test.each<[string, object, RegExp]>([
    ["a name too few", { columns: ["a"] }, /`columns` of the model to be 2 different names, one for each feature\.$/],
    ["a name twice", { columns: ["a", "a"] }, /`columns` of the model to be 2 different names/],
    ["a name of nothing", { columns: ["a", ""] }, /`columns` of the model to be 2 different names/],
    ["a name that is no text", { columns: ["a", 1] }, /`columns`/],
    ["a scale of 0", { transforms: [transforms[0], { ...transforms[1], scale: 0 }] }, /a positive `scale`/],
    ["a transform too few", { transforms: [transforms[0]] }, /`transforms` of the model to be 2 objects/],
    ["null for transforms", { transforms: null }, /`transforms`/],
    ["quantiles that fall", { outliers: { probabilities: [0, 1], logDensities: [1, 0] } }, /`outliers`/],
    ["quantiles not from 0", { outliers: { probabilities: [0.1, 1], logDensities: [0, 1] } }, /from 0 to 1/],
    ["quantiles not to 1", { outliers: { probabilities: [0, 0.1], logDensities: [0, 1] } }, /from 0 to 1/],
    ["no quantiles", { outliers: { probabilities: [], logDensities: [] } }, /`outliers`/],
    ["quantiles too few", { outliers: { probabilities: [0, 1], logDensities: [0] } }, /as many rising/],
    ["a fit of text", { fit: "good" }, /`fit` of the model to be an object/],
    ["a fit in a list", { fit: [] }, /`fit` of the model to be an object/],
    ["half an iteration", { fit: { iterations: 0.5 } }, /`fit\.iterations` of the model to be an integer from 0 up/],
    ["a trace of null", { fit: { trace: [null] } }, /`fit\.trace`/],
    ["a warning without code", { fit: { warnings: [{}] } }, /`fit\.warnings`/],
    ["a field of the fit that we do not know", { fit: { bic: 3 } }, /Unknown field "fit\.bic" .*; known are version,/],
    ["a field that we do not know", { transform: [] }, /Unknown field "transform" of the model; known are format,/],
    ["the shell of version 1", { mixture: {} }, /Unknown field "mixture"/],
  ])("%s: a typed error", (_, change, message) => {
    expectFailure(() => modelFromJson({ ...modelToJson(whole), ...change }), "BAD_MODEL_FILE", message);
  });
});

describe("docs/model.schema.json", () => {
  beforeAll(async () => {
    await interpreter();
  }, PATIENCE_MS);

  const schema = JSON.parse(readFileSync(new URL("../../../../docs/model.schema.json", import.meta.url), "utf8"));

  /** out: for each file, whether it is as the schema says */
  function valid(files: readonly unknown[]): Promise<boolean[]> {
    const code = `
import jsonschema
jsonschema.Draft202012Validator.check_schema(question["schema"])
validator = jsonschema.Draft202012Validator(question["schema"])
print(json.dumps([validator.is_valid(file) for file in question["files"]]))`;
    return askPython(code, { schema, files });
  }

  test("describes what we write", async () => {
    const models: Model[] = [
      ...COVARIANCE_TYPES.map((type) => wholeModel(fittedMixture({ type }))),
      ...(["process", "distribution"] as const).map((kind) => wholeModel(variationalMixture({ type: "full" }, kind))),
      { ...whole, transforms },
      { mixture: full.parameters },
    ];
    const files = [...models.map((model) => JSON.parse(new TextDecoder().decode(writeModel(model, "json")))), full];
    expect(await valid(files)).toEqual(files.map(() => true));
  });

  test("knows every field that we read, and no other", () => {
    const everything = modelToJson({ ...wholeModel(variationalMixture({ type: "full" }, "process")), transforms });
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(everything).sort());
    expect(Object.keys(schema.$defs.fit.properties).sort()).toEqual(Object.keys(everything.fit ?? {}).sort());
    expect(Object.keys(schema.$defs.posterior.properties)).toEqual(Object.keys(everything.posterior ?? {}));
    expect(schema.properties.covarianceType.enum).toEqual(expect.arrayContaining([...COVARIANCE_TYPES]));
  });

  test("refuses what we refuse", async () => {
    const file = modelToJson(whole);
    const wrong = [
      { ...file, version: 3 },
      { ...file, columns: [1] },
      { ...file, transform: [] },
      { ...file, fit: { bic: 3 } },
      { ...file, weights: [] },
      { ...file, fit: { iterations: 0.5 } },
      { ...file, factors: undefined },
    ];
    expect(await valid(wrong)).toEqual(wrong.map(() => false));
  });
});
