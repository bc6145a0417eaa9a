import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandIn } from "../../../support/command.ts";
import { jsonOf, modelWithLogarithm } from "../../../support/model-files.ts";

const { emix, file, folder, read, remove } = commandIn("convert");
afterAll(remove);

const json = jsonOf(
  modelWithLogarithm([
    [1, 2],
    [3, 1],
  ]),
);
file("model.json", json);

test("a model comes back from every format that is read, whatever its name says", () => {
  expect(emix("convert", "model.json", "-o", "new/model.npz")).toMatchObject({ status: 0, stdout: "", stderr: "" });
  file("named.txt", "");
  expect(emix("convert", "new/model.npz", "-o", "back.json").status).toBe(0);
  expect(read("back.json")).toBe(json);
  expect(emix("convert", "new/model.npz", "-o", "-").stdout).toBe(json);
});

test("an ONNX graph has outliers where a share is given", () => {
  const graph = (...flags: string[]) => {
    expect(emix("convert", "model.json", "-o", "model.onnx", ...flags).status).toBe(0);
    return readFileSync(join(folder, "model.onnx"), "latin1");
  };
  expect(graph()).not.toContain("is_outlier");
  expect(graph("--outliers", "0.1")).toContain("is_outlier");
});

test.each<[string, string[], number, RegExp]>([
  ["another ending", ["model.json", "-o", "model.pkl"], 2, /\.json, \.npz, \.onnx, got model\.pkl.*UNKNOWN_FORMAT/],
  ["no output", ["model.json"], 2, /required option '-o, --output <file>'/],
  ["a model over itself", ["model.json", "-o", "./model.json"], 2, /another file than those that are read/],
  ["outliers of a format without them", ["model.json", "-o", "x.npz", "--outliers", "0.1"], 2, /INVALID_OPTION/],
  ["no model", ["none.json", "-o", "x.npz"], 1, /FILE_NOT_FOUND/],
])("%s is refused", (_, args, code, message) => {
  const { status, stderr } = emix("convert", ...args);
  expect(status).toBe(code);
  expect(stderr).toMatch(message);
  expect(read("model.json")).toBe(json);
});
