import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withoutReadingLine } from "../../support/reading-line.ts";

// The real command in a process of its own, on real files.

const root = new URL("../../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "emix-cli-"));
const faithful = join(root, "data/faithful.csv");

afterAll(() => rmSync(folder, { recursive: true }));

function emix(...args: string[]) {
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "packages/emix/src/cli.ts"), ...args],
    options,
  );
  return { status, stdout, stderr: withoutReadingLine(stderr) };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("fit, predict and score work together", () => {
  const fitted = emix("fit", faithful, "-k", "2", "--seed", "3", "-o", "model.json");
  expect(fitted.status).toBe(0);
  expect(fitted.stdout).toContain("272 points, 2 features, 2 full components");
  expect(fitted.stderr).toContain("fitting, 500 iterations at most\n");
  const model = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
  expect(model.columns).toEqual(["eruptions", "waiting"]);
  expect(model.fit.seconds).toBeGreaterThan(0);
  // The optimum of this data, as mclust (VVV, 2) and scikit-learn find it.
  expect(272 * model.fit.lowerBound).toBeCloseTo(-1130.264, 2);

  const predicted = emix("predict", "model.json", faithful, "--limit", "3");
  expect(predicted.status).toBe(0);
  expect(predicted.stdout.trim().split("\n")).toHaveLength(4);

  const scored = emix("score", "model.json", faithful, "--json");
  expect(JSON.parse(scored.stdout)).toMatchObject({ score: model.fit.lowerBound, rows: 272, dropped: 0 });
});

test("variational inference keeps the components that the points call for", () => {
  const flags = ["--inference", "variational", "--weight-concentration", "0.001", "--degrees-of-freedom", "3"];
  const fitted = emix("fit", faithful, "-k", "6", ...flags, "-o", "bayes.json");
  expect(fitted.stdout).toContain("lower bound of the evidence");
  const mixture = JSON.parse(readFileSync(join(folder, "bayes.json"), "utf8"));
  expect(mixture.weights.filter((weight: number) => weight > 0.01)).toHaveLength(2);
  expect(mixture.posterior.degreesOfFreedom).toHaveLength(6);
  expect(emix("predict", "bayes.json", faithful, "--limit", "3")).toMatchObject({ status: 0 });
});

test("a prior makes EM look for the mode", () => {
  const fitted = emix("fit", faithful, "-k", "2", "--mean-precision", "0.5");
  expect(fitted.stdout).toContain("log-likelihood -4.");
  const refused = emix("fit", faithful, "-k", "2", "--inference", "variational", "--empty-component", "drop");
  expect(refused).toMatchObject({ status: 2 });
});

test("--json prints the model alone, and the seed decides it", () => {
  const first = emix("fit", faithful, "-k", "3", "--json", "--quiet", "--threads", "1");
  const second = emix("fit", faithful, "-k", "3", "--json", "--quiet", "--threads", "2");
  expect(first.stderr).toBe("");
  const timeless = (text: string) => text.replace(/"seconds": .*/, "");
  expect(timeless(second.stdout)).toBe(timeless(first.stdout));
  expect(JSON.parse(first.stdout).components).toBe(3);
});

test("rows without a value are an error, or dropped and counted", () => {
  const path = file("gaps.csv", "x,y\n1,2\n,4\n5,6\n7,9\n");
  const refused = emix("fit", path, "-k", "1");
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/row 2.*"x".* with --missing drop\. \[NON_FINITE_POINT\]\n$/);
  const dropped = emix("fit", path, "-k", "1", "--missing", "drop");
  expect(dropped.stdout).toContain("1 rows with missing values left out");
});

test.each([
  ["no file", ["fit", "nowhere.csv", "-k", "2"], 1, "FILE_NOT_FOUND"],
  ["more components than points", ["fit", faithful, "-k", "1000"], 1, "TOO_MANY_COMPONENTS"],
  ["an unknown column", ["fit", faithful, "-k", "2", "-c", "wating"], 1, "UNKNOWN_COLUMN"],
  ["an unknown ending", ["fit", join(root, "package.json"), "-k", "2"], 2, "UNKNOWN_FORMAT"],
  ["a model that is none", ["score", join(root, "package.json"), faithful], 1, "BAD_MODEL_FILE"],
])("%s: one line with its code", (_what, args, status, code) => {
  const result = emix(...args, ...(args[0] === "fit" ? ["--quiet"] : []));
  expect(result.status).toBe(status);
  expect(result.stdout).toBe("");
  expect(result.stderr).toMatch(/^emix: [^\n]+\n$/);
  expect(result.stderr).toContain(`[${code}]`);
});

test.each([
  ["an empty file", ""],
  ["a heading alone", "x,y\n"],
  ["ragged rows", "x,y\n1,2\n3,4\n5,6,7\n8,9\n"],
  ["words for numbers", "x,y\n1,2\n3,four\n"],
  ["weights below 0", "x,w\n1,1\n2,-1\n"],
  ["weights of 0 alone", "x,w\n1,0\n2,0\n"],
])("%s: one line and status 1", (what, text) => {
  const columns = text.startsWith("x,w") ? ["-c", "x", "-w", "w"] : text === "" ? [] : ["-c", "x", "-c", "y"];
  const result = emix("fit", file(`${what.replaceAll(" ", "-")}.csv`, text), "-k", "1", "--quiet", ...columns);
  expect(result.stderr).toMatch(/^emix: [^\n]+ \[[A-Z_]+\]\n$/);
  expect(result.status).toBe(1);
  expect(result.stdout).toBe("");
});

test.each([
  ["no -k", ["fit", faithful]],
  ["no components", ["fit", faithful, "-k", "0"]],
  ["an unknown option", ["fit", faithful, "-k", "2", "--bogus"]],
  ["an unknown command", ["fti"]],
  ["an unknown type", ["fit", faithful, "-k", "2", "--covariance-type", "round"]],
])("%s: wrong usage, status 2", (_what, args) => {
  const result = emix(...args);
  expect(result.status).toBe(2);
  expect(result.stderr).toMatch(/^emix: /);
  expect(result.stderr).not.toMatch(/ at .*\.ts/);
});

test("help and version end well", () => {
  expect(emix("--help")).toMatchObject({ status: 0 });
  expect(emix("--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("warnings say where, when, and how much", () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i % 7},${(i % 7) / 10},${i % 5}`);
  const { stdout, status } = emix("fit", file("line.csv", `x,y,z\n${rows.join("\n")}\n`), "-k", "1", "-q");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /warning: component 0 .* in some direction \(rank 2; iterations 0 to \d+\) \[COLLAPSED_COMPONENT\]/,
  );
  expect(stdout).toMatch(
    /warning: component 0 became so thin .* \(rank 2; iterations 0 to \d+\) \[SINGULAR_COVARIANCE\]/,
  );
});
