import { globSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { printFile, printTotal } from "./report.ts";
import { Trial } from "./trial.ts";

// pnpm mutants [part of a file's path …]: how many mutants of core's numerics the tests kill (README.md).

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const NUMERICS = [
  "{linear-algebra,covariance,statistics,points,mixture,passes,step,fit}/**/*.ts",
  "random.ts",
  "kernels/reference/*.ts",
  "kernels/simd/{arithmetic,forms}/*.ts",
  "kernels/simd/host/{parameters,sums/move-sums}.ts",
].map((pattern) => `packages/core/src/${pattern}`);

/** They read what callers and files give, and compute nothing. */
const DOORS = /fit\/options|mixture\/(json|parameters)|points\/sources/;

/** Without those that ask V8 for experiments, try thousands of fits, or are of an engine. */
const TESTS = [
  "test/unit/core/**/*.test.ts",
  "test/laws/*.test.ts",
  "test/golden/*.test.ts",
  "test/regressions/*.test.ts",
];
const LEFT_OUT = /self-test|hostile-fits|monotone|door/;

/** Percent of all mutants. */
const WANTED = 90;

const paths = (patterns: readonly string[]) =>
  globSync(patterns, { cwd: ROOT })
    .toSorted()
    .map((path) => resolve(ROOT, path));

const parts = process.argv.slice(2);
const files = paths(NUMERICS)
  .filter((file) => !DOORS.test(file))
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
const tests = paths(TESTS).filter((file) => !LEFT_OUT.test(file));
const trial = await Trial.of(files, tests);
console.log(trial.summary);
const results = [];
for (const file of files) {
  const result = await trial.mutate(file);
  printFile(ROOT, result);
  results.push(result);
}
trial.end();
process.exitCode = printTotal(results) < WANTED ? 1 : 0;
