import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandIn } from "../support/command.ts";

// Passes over few rows used another kernel than those over many, so that the last digits of what `predict` said of a row
// depended on how many rows the file had.

const { emix, file, folder, remove } = commandIn("row-alone");

afterAll(remove);

const rows = Array.from({ length: 100_000 }, (_, i) => {
  const far = i % 3 === 0 ? 5 : 0;
  return [Math.sin(i) + far, Math.cos(3 * i) * 2 - far, Math.sin(7 * i) * Math.sin(i)].join(",");
});

const table = (some: readonly string[]) => `a,b,c\n${some.join("\n")}\n`;

test.each(["full", "diag"])("a row of %s has the same digits in files of any length", (type) => {
  const whole = file("100000.csv", table(rows));
  const options = ["-k", "3", "--covariance-type", type, "--max-iterations", "5", "-o", "model.json", "-q"];
  expect(emix("fit", file("fitted.csv", table(rows.slice(0, 3000))), ...options)).toMatchObject({ status: 0 });
  const lines = (path: string, out: string) => {
    expect(emix("predict", "model.json", path, "--proba", "-o", out)).toMatchObject({ status: 0 });
    const [, ...answers] = readFileSync(join(folder, out), "utf8").trimEnd().split("\n");
    return answers.map((line) => line.slice(line.indexOf(",") + 1));
  };
  const all = lines(whole, "whole.csv");
  expect(all).toHaveLength(rows.length);
  for (const [from, to] of [
    [0, 1],
    [77, 78],
    [0, 1000],
    [65_530, 66_530],
    [99_999, 100_000],
  ]) {
    expect(lines(file("part.csv", table(rows.slice(from, to))), "part.out.csv")).toEqual(all.slice(from, to));
  }
  const scored = emix("score", "model.json", file("part.csv", table(rows.slice(77, 78))), "--per-row").stdout;
  expect(scored.trimEnd().split(",").at(-1)).toBe(all[77].split(",")[2]);
});
