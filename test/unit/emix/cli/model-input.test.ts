import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GaussianMixture } from "emix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandIn, ROOT } from "../../../support/command.ts";

// A model goes from the command to the library and back.

const { emix, file, read, remove } = commandIn("models");
const faithful = join(ROOT, "data/faithful.csv");
afterAll(remove);

let mixture: GaussianMixture;
beforeAll(() => {
  expect(emix("fit", faithful, "-k", "2", "--seed", "3", "-q", "-o", "model.json").status).toBe(0);
  mixture = GaussianMixture.fromJSON(JSON.parse(read("model.json")));
  file("mixture.json", JSON.stringify(mixture));
});

describe("a mixture of the library", () => {
  test("is the one that the command fitted, and scores as it does there", () => {
    const { fit } = JSON.parse(read("model.json"));
    const rows = readFileSync(faithful, "utf8").trim().split("\n").slice(1);
    expect(mixture.score(rows.map((row) => row.split(",").map(Number)))).toBe(fit.lowerBound);
  });

  test.each([
    ["score", ["--json"]],
    ["predict", ["--limit", "5"]],
    ["predict", ["--proba", "--features", "--limit", "5"]],
  ])("goes back to the command: %s %j", (command, flags) => {
    const own = emix(command, "model.json", faithful, ...flags);
    const other = emix(command, "mixture.json", faithful, ...flags);
    expect(other).toMatchObject({ status: 0, stdout: own.stdout });
    expect(own.stderr).toBe("");
    expect(other.stderr).toBe(
      `emix: mixture.json does not name its columns; used eruptions, waiting of ${faithful}, in this order\n`,
    );
  });

  test("takes the columns that the command line names, and then says nothing", () => {
    const named = emix("score", "mixture.json", faithful, "-c", "eruptions", "-c", "waiting");
    expect(named).toEqual(emix("score", "model.json", faithful));
  });

  test("starts a fit of the columns in their order", () => {
    const { status, stdout, stderr } = emix("fit", faithful, "--from", "mixture.json", "--json", "-q");
    expect(stderr).toContain("used eruptions, waiting of");
    expect(status).toBe(0);
    const next = GaussianMixture.fromJSON(JSON.parse(stdout));
    next.means.forEach((mean, i) => {
      expect(mean).toBeCloseTo(mixture.means[i], 2);
    });
  });

  test.each(["mixture.json", "model.json"])("another number of columns is refused: %s", (model) => {
    const { status, stdout, stderr } = emix("score", model, faithful, "-c", "waiting");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^emix: Expected 2 column\(s\) of .*, got 1: waiting; .*--column\. \[FEATURES_MISMATCH\]\n$/,
    );
  });
});

test.each<[string, string, RegExp]>([
  ["no JSON", "{", /Expected a model as JSON or \.npz, got a file that is neither/],
  ["JSON of something else", "[]", /Expected a model as `emix fit --output` or `JSON\.stringify\(mixture\)` writes it/],
  ["a later version", '{"format":"emix-model","version":3}', /Expected version 1 to 2 .* got 3; update emix/],
])("%s: one line that says what to do", (name, text, message) => {
  const path = file(`${name.replaceAll(" ", "-")}.json`, text);
  const { status, stderr } = emix("score", path, faithful);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^emix: Could not use the model [^\n]+ \[BAD_MODEL_FILE\]\n$/);
  expect(stderr).toMatch(message);
});

test.each([[["a"]], [["a", 1]]])("a model with the columns %j is refused", (columns) => {
  const model = { format: "emix-model", version: 1, columns, mixture: mixture.toJSON() };
  const { stderr } = emix("score", file("columns.json", JSON.stringify(model)), faithful);
  expect(stderr).toMatch(/Expected `columns` of the model to be 2 different names.* \[BAD_MODEL_FILE\]\n$/);
});

test("a file that lacks a column of the model: what both have, and the flag that maps", () => {
  const { status, stderr } = emix("predict", "model.json", file("other.csv", "eruptions,pause\n2,50\n3,60\n"));
  expect(status).toBe(1);
  expect(stderr).toBe(
    'emix: Expected the columns of the model (eruptions, waiting) in other.csv, which lacks "waiting"; its columns are ' +
      "eruptions, pause; a column of another name is given as --column waiting=pause. [UNKNOWN_COLUMN]\n",
  );
});

test.each([
  ["--tol", "--tolerance"],
  ["--k", "--components"],
  ["--cov", "--covariance-type"],
  ["--n-init", "--restarts"],
  ["--random-state", "--seed"],
])("%s stands for %s", (given, meant) => {
  const { status, stderr } = emix("fit", faithful, given, "2");
  expect([status, stderr.split("\n").slice(0, 2)]).toEqual([
    2,
    [`emix: unknown option '${given}'`, `(Did you mean ${meant}?)`],
  ]);
});

test.each([
  [["-c", "eruptions,waiting"], /Give each by itself: --column "eruptions" --column "waiting"\. \[UNKNOWN_COLUMN\]/],
  [["-c", "w"], /got "w"; its columns are "eruptions", "waiting"\. \[UNKNOWN_COLUMN\]/],
  [["--array", "x"], /Expected --array with an \.npz file only, got it with csv/],
  [["--config", "none.json"], /Expected a config file at none\.json, found none/],
])("fit %j: what to do", (flags, message) => {
  expect(emix("fit", faithful, "-k", "2", ...flags).stderr).toMatch(message);
});

test("several files without quotes: the pattern that reads them", () => {
  const { status, stderr } = emix("fit", faithful, faithful, "-k", "2");
  expect(status).toBe(2);
  expect(stderr).toContain("a pattern in quotes: 'data/*.csv'");
});
