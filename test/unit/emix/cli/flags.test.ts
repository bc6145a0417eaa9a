import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultInWords, FIT_OPTIONS, type OptionRow, PRIOR_OPTIONS } from "@emix/core";
import { afterAll, describe, expect, test } from "vitest";
import { COVARIANCE_TYPES } from "../../../../packages/core/src/covariance/types.ts";
import { withoutReadingLine } from "../../../support/reading-line.ts";

// The real command in a process of its own, on real files.

const root = new URL("../../../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "emix-flags-"));
const faithful = join(root, "data/faithful.csv");

afterAll(() => rmSync(folder, { recursive: true }));

function fit(...args: string[]) {
  const command = [join(root, "packages/emix/src/cli.ts"), "fit", ...args];
  const result = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  return { ...result, stderr: withoutReadingLine(result.stderr) };
}

describe("the help of fit", () => {
  const help = fit("--help").stdout.replace(/\s+/g, " ");
  const rows: OptionRow[] = [...Object.values<OptionRow>(FIT_OPTIONS), ...Object.values<OptionRow>(PRIOR_OPTIONS)];
  const flags = rows.flatMap((row) => (row.flags ?? []).map((flag) => ({ row, flag })));

  test.each(flags.map(({ row, flag }) => ({ name: flag.name, row, flag })))("has $name", ({ row, flag }) => {
    const words = flag.shownDefault ?? defaultInWords(row);
    const start = help.indexOf(` ${`${flag.name} ${flag.argument}`.trim()} `);
    expect(start).toBeGreaterThan(0);
    const text = help.slice(start, start + 250);
    expect(text).toContain(flag.meaning ?? row.meaning);
    if (words !== "" && words !== "required") expect(text).toContain(`default: ${words})`);
    if (row.choices) expect(text).toContain(`(${row.choices.join(", ")}; `);
  });

  test("has every option of a fit but those that are no text", () => {
    expect(Object.keys(FIT_OPTIONS).filter((name) => !(FIT_OPTIONS as Record<string, OptionRow>)[name].flags)).toEqual([
      "prior",
      "knownComponents",
    ]);
  });

  test.each([
    "-k, --components",
    "--covariance-type",
    "--tolerance",
    "--acceleration",
    "--schedule",
    "--stop-rule",
    "--max-iterations",
    "--restarts",
    "--restart-strategy",
    "--goal",
    "--regularization",
    "--ridge",
    "--granularity",
    "--empty-component",
    "--inference",
    "--weight-concentration",
    "--mean-precision",
    "--degrees-of-freedom",
    "--init",
    "--fix",
    "--refine",
    "--compute",
    "--seed",
    "--from",
    "-o, --output",
    "--json",
    "-q, --quiet",
  ])("keeps %s", (name) => expect(help).toContain(` ${name} `));
});

describe("errors speak of flags", () => {
  const variational = ["--inference", "variational"];
  test.each<[string[], string]>([
    [["--max-iterations", "0"], "Expected --max-iterations to be an integer of at least 1, got 0."],
    [["--tolerance", "small"], 'Expected --tolerance to be a finite number of at least 0, got "small".'],
    [["--ridge", "-1"], "Expected --ridge to be a finite number of at least 0, got -1."],
    [
      ["--covariance-type", "round"],
      `Expected --covariance-type to be one of ${COVARIANCE_TYPES.join(", ")}, got "round".`,
    ],
    [
      ["--init", "kmeans"],
      'Expected --init to be "default", "fast", "thorough", "k-means++" or "random", got "kmeans".',
    ],
    [["--mean-precision", "0"], "Expected --mean-precision to be a number from 1e-100 to 1e100, got 0."],
    [
      ["--weight-concentration", "0.5"],
      'Expected --weight-concentration to be at least 1 when --inference is "em", got 0.5.',
    ],
    [
      [...variational, "--empty-component", "drop"],
      'Expected --empty-component to be left out when --inference is "variational", which empties no component, got "drop".',
    ],
    [["--compute", "f32"], 'Expected --compute to be "f64" for points stored as f64, got "f32".'],
    [
      ["--restart-strategy", "all"],
      'Expected --restart-strategy to be left out for a single start, or --restarts of 2 or more, got "all".',
    ],
    [["--degrees-of-freedom", "0.5"], "Expected --degrees-of-freedom to be above 1, features − 1, got 0.5."],
  ])("%j", (args, message) => {
    const { status, stdout, stderr } = fit(faithful, "-k", "2", "-q", ...args);
    expect(stderr).toBe(`emix: ${message} [INVALID_OPTION]\n`);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("wrong options are found before the file is read", () => {
    expect(fit("nowhere.csv", "-k", "2", "--weight-concentration", "0.5").stderr).toContain("--weight-concentration");
  });

  test("flags that contradict each other, and no components", () => {
    expect(fit(faithful, "-k", "2", "--ridge", "1", "--regularization", "1")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("cannot be used with option"),
    });
    expect(fit(faithful)).toMatchObject({ status: 2, stderr: expect.stringContaining("--from") });
  });
});

test("flags set the options that they name", () => {
  const flags = "--covariance-type diag --tolerance 0 --max-iterations 3 --restarts 2 --restart-strategy all".split(
    " ",
  );
  const { stdout } = fit(faithful, "-k", "2", "-q", "--json", ...flags, "--granularity", "0.001,1", "--seed", "one");
  const { fit: run, ...mixture } = JSON.parse(stdout);
  expect(mixture).toMatchObject({ components: 2, covarianceType: "diag" });
  expect(run).toMatchObject({ converged: false, iterations: 3 });
});

describe("a model to start from", () => {
  const model = join(folder, "model.json");
  fit(faithful, "-k", "3", "-c", "waiting", "--covariance-type", "diag", "-q", "-o", model);

  test.each<[string[], string]>([
    [
      ["--covariance-type", "tied"],
      'Expected --covariance-type to be "diag", as of the mixture to start from, got "tied".',
    ],
    [
      ["--restarts", "2"],
      "Expected --restarts to be 1 with a mixture to start from, as all starts would be the same, got 2.",
    ],
  ])("contradicts %j", (args, message) => {
    expect(fit(faithful, "--from", model, ...args)).toMatchObject({
      status: 2,
      stderr: `emix: ${message} [INVALID_OPTION]\n`,
    });
  });

  test("is not drawn, and must be one", () => {
    expect(fit(faithful, "--from", model, "--init", "random")).toMatchObject({ status: 2 });
    expect(fit(faithful, "--from", join(root, "package.json")).stderr).toContain("[BAD_MODEL_FILE]");
  });
});
