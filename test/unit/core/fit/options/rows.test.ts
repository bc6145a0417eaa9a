import { readFileSync } from "node:fs";
import {
  checkOptions,
  defaultInWords,
  FIT_OPTIONS,
  type FitOptions,
  GaussianMixture,
  type OptionRow,
  type OptionTable,
  PRIOR_OPTIONS,
  type PriorOptions,
} from "@emix/core";
import { describe, expect, test } from "vitest";
import { COVARIANCE_TYPES } from "../../../../../packages/core/src/covariance/types.ts";
import { expectFailure } from "../../../../support/failures.ts";
import { sourceFiles } from "../../../../support/sources.ts";

interface Examples {
  readonly good: readonly unknown[];
  /** value, what the message says was expected, what it says came */
  readonly bad: readonly (readonly [unknown, string, string])[];
}

const integer = "an integer of at least 1";
const notNegative = "a finite number of at least 0";
const integers: Examples = {
  good: [1, 2 ** 53 - 1],
  bad: [
    [0, integer, "0"],
    [-1, integer, "-1"],
    [1.5, integer, "1.5"],
    ["3", integer, '"3"'],
    [Number.NaN, integer, "NaN"],
    [2 ** 53, integer, "9007199254740992"],
    [null, integer, "null"],
  ],
};
const regularization = "a finite number of at least 0, or { absolute: variance }";
const granularity = '"auto", a finite number of at least 0, or an array of them';
const initializations = '"default", "fast", "thorough", "k-means++" or "random"';
const initialization =
  '"default", "fast", "thorough", "k-means++", "random", a GaussianMixture, { labels }, { responsibilities } or { means }';
const seed = "a finite number or a string";
const mixture = GaussianMixture.fromParameters({ weights: [1], means: [[0]], covariances: [1] });

const OF_FIT: Record<keyof FitOptions, Examples> = {
  components: integers,
  covarianceType: words(COVARIANCE_TYPES),
  tolerance: {
    good: [0, 1e300],
    bad: [
      [-1e-9, notNegative, "-1e-9"],
      [Number.NaN, notNegative, "NaN"],
      [Number.POSITIVE_INFINITY, notNegative, "Infinity"],
      ["0", notNegative, '"0"'],
    ],
  },
  acceleration: words(["lbfgs", "none"]),
  schedule: words(["progressive", "full"]),
  stopRule: words(["remaining", "change"]),
  maxIterations: integers,
  restarts: {
    good: [1, 10_000],
    bad: [
      [0, "an integer from 1 to 10000", "0"],
      [30_000_000, "an integer from 1 to 10000", "30000000"],
      ["1", "an integer from 1 to 10000", '"1"'],
    ],
  },
  restartStrategy: words(["race", "all"]),
  goal: {
    good: [-3, 0, Number.NEGATIVE_INFINITY],
    bad: [
      [Number.NaN, "a number", "NaN"],
      ["1", "a number", '"1"'],
    ],
  },
  fixed: { good: [{}, { means: true }, { weights: [0], covariances: false }], bad: [] },
  knownComponents: {
    good: [[0, -1, [0]], Int32Array.of(-1, 0)],
    bad: [
      [3, "an array with an entry for each row", "3"],
      [null, "an array with an entry for each row", "null"],
    ],
  },
  refine: {
    good: [true, false],
    bad: [
      [1, "true or false", "1"],
      ["yes", "true or false", '"yes"'],
    ],
  },
  regularization: {
    good: [0, 0.5, { absolute: 0 }, { absolute: 3 }],
    bad: [
      [-1, regularization, "-1"],
      [null, regularization, "null"],
      [() => 1, regularization, "a function"],
      ["1", regularization, '"1"'],
    ],
  },
  granularity: {
    good: ["auto", 0, 1, [0, 1]],
    bad: [
      [-1, granularity, "-1"],
      [[0, Number.NaN], granularity, "NaN"],
      ["all", granularity, '"all"'],
      [null, granularity, "null"],
    ],
  },
  emptyComponent: words(["reseed", "drop", "keep", "error"]),
  inference: words(["em", "variational"]),
  prior: { good: [{}, { meanPrecision: 1 }], bad: [] },
  initialization: {
    good: ["default", "fast", "thorough", "k-means++", "random", mixture],
    bad: [
      ["kmeans", initializations, '"kmeans"'],
      [null, initialization, "null"],
      [[], initialization, "an array of length 0"],
    ],
  },
  seed: {
    good: [-1.5, "", "a"],
    bad: [
      [Number.NaN, seed, "NaN"],
      [null, seed, "null"],
      [{}, seed, "an object with keys (none)"],
    ],
  },
  compute: words(["f64", "f32"]),
};

const size = "a number from 1e-100 to 1e100";
const sizes: Examples = {
  good: [1e-100, 1e100],
  bad: [
    ["2", size, '"2"'],
    [1.1e100, size, "1.1e+100"],
    [1e-101, size, "1e-101"],
    [-1, size, "-1"],
    [Number.NaN, size, "NaN"],
    [null, size, "null"],
  ],
};

const OF_PRIOR: Record<keyof PriorOptions, Examples> = {
  weightConcentration: sizes,
  weightConcentrationType: words(["process", "distribution"]),
  meanPrecision: sizes,
  mean: { good: [[0, 1]], bad: [] },
  degreesOfFreedom: sizes,
  covariance: { good: [1, [1, 0, 0, 1]], bad: [] },
};

function words(choices: readonly string[]): Examples {
  const expected = `one of ${choices.join(", ")}`;
  return {
    good: choices,
    bad: [
      ["round", expected, '"round"'],
      [null, expected, "null"],
      [1, expected, "1"],
    ],
  };
}

function cases<O>(of: string, table: OptionTable<O>, examples: Record<keyof O & string, Examples>) {
  const checked = (name: string, value: unknown) => checkOptions<object>(table, { [name]: value }, of || undefined);
  describe.each(Object.entries<Examples>(examples))(`${of || "fit"}, %s`, (name, { good, bad }) => {
    test("takes good values as they are", () => {
      for (const value of good) expect(checked(name, value)).toEqual({ [name]: value });
      expect(checked(name, undefined)).toEqual({});
    });

    test("refuses bad ones", () => {
      const option = of ? `${of}.${name}` : name;
      for (const [value, expected, got] of bad) {
        const message = `Expected \`${option}\` to be ${expected}, got ${got}.`;
        const error = expectFailure(() => checked(name, value), "INVALID_OPTION", message);
        expect(error.details.option).toBe(option);
      }
    });
  });
}

cases("", FIT_OPTIONS, OF_FIT);
cases("prior", PRIOR_OPTIONS, OF_PRIOR);

test("regularization needs its number", () => {
  for (const [value, got] of [
    [{}, "undefined"],
    [{ absolute: -1 }, "-1"],
  ]) {
    expectFailure(
      () => checkOptions(FIT_OPTIONS, { components: 1, regularization: value as { absolute: number } }),
      "INVALID_OPTION",
      `Expected \`regularization.absolute\` to be a finite number of at least 0, got ${got}.`,
    );
  }
});

/** Options of an engine's `fit` that are not about the fit itself. */
const OF_ENGINE = ["pointWeights", "missing", "signal", "onStep", "threads"];

describe("README's table of options", () => {
  const readme = readFileSync(new URL("../../../../../README.md", import.meta.url), "utf8");
  const [, table] = /<!-- options -->\n(.*)<!-- \/options -->/s.exec(readme) as RegExpExecArray;
  const cells = (line: string) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/[`"]/g, ""));
  const lines = table.trim().split("\n").slice(2).map(cells);
  const defaults = new Map(lines.map(([, name, byDefault]) => [name, byDefault]));

  test("names every option, and no other", () => {
    const named = [...defaults.keys()].filter((name) => !OF_ENGINE.includes(name));
    expect(named.sort()).toEqual(Object.keys(FIT_OPTIONS).sort());
    expect(lines).toHaveLength(defaults.size);
  });

  test("has the defaults of the table in the code", () => {
    const rows: [string, OptionRow][] = Object.entries(FIT_OPTIONS);
    for (const [name, row] of rows) expect([name, defaults.get(name)]).toEqual([name, defaultInWords(row)]);
  });
});

test("a meaning goes on from the name: no capital, no full stop", () => {
  const rows: OptionRow[] = [...Object.values<OptionRow>(FIT_OPTIONS), ...Object.values<OptionRow>(PRIOR_OPTIONS)];
  const meanings = rows.flatMap((row) => [row.meaning, ...(row.flags ?? []).flatMap(({ meaning }) => meaning ?? [])]);
  for (const meaning of meanings) expect(meaning).toMatch(/^(?![A-Z][a-z]).*[^.]$/);
});

test("options reach at most thirteen files of core at run time", () => {
  const files = new Map(sourceFiles().map((source) => [source.file, source]));
  const options = [...files.keys()].filter((file) => /^core\/src\/fit\/options\//.test(file));
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const imports = files.get(file)?.imports ?? [];
    for (const { file: next, typeOnly } of imports) if (next !== null && !typeOnly) reach(next);
  };
  for (const file of options) reach(file);
  expect(options.length).toBeGreaterThan(4);
  expect([...reached].length).toBeLessThanOrEqual(13);
});
