import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelFormat, readModel, writeModel } from "@emix/io";
import { afterAll, describe, expect, test } from "vitest";
import { modelFormatOf } from "../../../../packages/io/src/models/formats.ts";
import { expectFailure, expectRejection } from "../../../support/failures.ts";
import { fittedMixture, variationalMixture, wholeModel } from "../../../support/models.ts";
import { COVARIANCE_TYPES } from "../../../support/scenes.ts";

const folder = mkdtempSync(join(tmpdir(), "emix-formats-"));
afterAll(() => rmSync(folder, { recursive: true }));

const models = [
  ...COVARIANCE_TYPES.map((type) => [type, wholeModel(fittedMixture({ type, features: 3 }))] as const),
  ...COVARIANCE_TYPES.map(
    (type) => [`${type} at 1e8`, { mixture: fittedMixture({ type, offset: 1e8 }).parameters }] as const,
  ),
  ["variational process", wholeModel(variationalMixture({ type: "tied" }, "process"))] as const,
  ["variational distribution", wholeModel(variationalMixture({ type: "diag" }, "distribution"))] as const,
];

describe("formats of models", () => {
  test.each(models)("JSON and .npz hold all of a model, bit for bit, and go into one another: %s", async (_, model) => {
    const json = writeModel(model, "json");
    const npz = writeModel(model, "npz");
    expect(await readModel(npz)).toEqual(model);
    expect(writeModel(await readModel(npz), "json")).toEqual(json);
    expect(writeModel(await readModel(json), "npz")).toEqual(npz);
  });

  test("are told by content, not by name", async () => {
    const model = wholeModel(fittedMixture({ type: "full" }));
    for (const format of ["json", "npz"] as const) {
      const path = join(folder, `${format}.model`);
      writeFileSync(path, writeModel(model, format));
      expect(await readModel(path)).toEqual(model);
    }
  });

  test("a byte order mark before JSON does no harm", async () => {
    const model = { mixture: fittedMixture({ type: "full" }).parameters };
    expect(await readModel(Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), writeModel(model, "json")]))).toEqual(model);
  });

  test("are named by the extension of a file", () => {
    expect(["a.json", "b.x.NPZ", "/c/d.onnx"].map(modelFormatOf)).toEqual(["json", "npz", "onnx"]);
    expectFailure(
      () => modelFormatOf("model.pkl"),
      "UNKNOWN_FORMAT",
      "Expected the name of a model's file to end in .json, .npz, .onnx, got model.pkl; rename it.",
    );
  });

  const mixture = fittedMixture({ type: "full" }).parameters;

  test("ONNX goes out only", async () => {
    await expectRejection(
      readModel(writeModel({ mixture }, "onnx")),
      "BAD_MODEL_FILE",
      "Expected a model as JSON or .npz, got what looks like ONNX, which emix writes but cannot read.",
    );
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /got a file that is neither/],
    ["text", Buffer.from("weights"), /got a file that is neither \(Unexpected token/],
    ["a pickle", Buffer.from("\x80\x04\x95", "latin1"), /a Python pickle; save the mixture with `save` of python/],
    ["another archive", Buffer.from("PK\x03\x04 and so on"), /a zip archive, but its end is missing/],
    ["an empty archive", Buffer.from(`PK\x05\x06${"\0".repeat(18)}`), /the array "covariance_type" .* it is missing/],
  ])("%s is no model", async (name, bytes, message) => {
    await expectRejection(readModel(bytes), "BAD_MODEL_FILE", message);
    const path = join(folder, `${name}.json`);
    writeFileSync(path, bytes);
    const { details } = await expectRejection(readModel(path), "BAD_MODEL_FILE", message);
    expect(details).toMatchObject({ path });
  });

  test("a file that is not there, and a folder", async () => {
    await expectRejection(
      readModel(join(folder, "none.json")),
      "FILE_NOT_FOUND",
      /Expected a model at .*none\.json, found none; check the path/,
    );
    await expectRejection(readModel(folder), "BAD_FILE", /Could not read the model/);
  });

  test.each<[ModelFormat, unknown, RegExp]>([
    ["json", 0.1, /`outliers` to be absent, but for ONNX, got 0\.1/],
    ["onnx", 0, /`outliers` to be a number between 0 and 1, got 0/],
    ["onnx", 1, /got 1/],
    ["onnx", "0.1", /got "0\.1"/],
    ["onnx", 0.1, /quantiles of its training log densities for `outliers`, got one without/],
  ])("%s with outliers %j: a typed error", (format, outliers, message) => {
    expectFailure(() => writeModel({ mixture }, format, { outliers: outliers as number }), "INVALID_OPTION", message);
  });

  test("an unknown format is refused", () => {
    expectFailure(() => writeModel({ mixture }, "pmml" as ModelFormat), "INVALID_OPTION", /json.*npz.*onnx/);
  });
});
