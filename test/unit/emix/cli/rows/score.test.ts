import { GaussianMixture } from "emix";
import { afterAll, expect, test } from "vitest";
import { commandIn } from "../../../../support/command.ts";
import { jsonOf, logDensityOf, modelFor, modelWithLogarithm } from "../../../../support/model-files.ts";

const { emix, file, remove } = commandIn("score");
afterAll(remove);

const POINTS = [
  [0.5, 0.25],
  [1, -1],
  [3, 2],
  [0.125, 0],
];
file("rows.csv", `a,b\n${POINTS.map((point) => point.join()).join("\n")}\n,1\n`);
file("model.json", jsonOf(modelFor(POINTS)));
file("log.json", jsonOf(modelWithLogarithm(POINTS)));

const score = (...flags: string[]) => emix("score", ...flags, "--missing", "drop").stdout;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("the criteria are those of the library", () => {
  const mixture = new GaussianMixture(modelFor(POINTS).mixture);
  expect(JSON.parse(score("model.json", "rows.csv", "--json"))).toEqual({
    score: mixture.score(POINTS),
    aic: mixture.aic(POINTS),
    bic: mixture.bic(POINTS),
    icl: mixture.icl(POINTS),
    rows: 5,
    dropped: 1,
  });
  expect(score("model.json", "rows.csv")).toBe(`${mixture.score(POINTS)}\n`);
});

test("they are in the units of the columns where the model transforms them", () => {
  const model = modelWithLogarithm(POINTS);
  const expected = mean(POINTS.map((point) => logDensityOf(model, point)));
  const found = JSON.parse(score("log.json", "rows.csv", "--json"));
  expect(found.score).toBeCloseTo(expected, 11);
  const parameters = new GaussianMixture(model.mixture).parameterCount;
  expect(found.aic).toBeCloseTo(-2 * POINTS.length * expected + 2 * parameters, 9);
  expect(found.bic).toBeCloseTo(-2 * POINTS.length * expected + parameters * Math.log(POINTS.length), 9);
});

test.each(["model.json", "log.json"])("--per-row prints the log density of every row: %s", (name) => {
  const model = name === "log.json" ? modelWithLogarithm(POINTS) : modelFor(POINTS);
  const [heading, ...lines] = score(name, "rows.csv", "--per-row").trimEnd().split("\n");
  expect(heading).toBe("row,log_density");
  expect(lines).toHaveLength(5);
  expect(lines[4]).toBe("5,");
  for (const [i, point] of POINTS.entries()) {
    const [row, density] = lines[i].split(",").map(Number);
    expect(row).toBe(i + 1);
    expect(density).toBeCloseTo(logDensityOf(model, point), 11);
  }
});

test("a logarithm of 0 or less is an error that names the row", () => {
  file("zero.csv", "a,b\n1,2\n0,1\n");
  for (const command of ["score", "predict"]) {
    const { status, stdout, stderr } = emix(command, "log.json", "zero.csv", "--missing", "drop");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/in row 2, column "a" of zero\.csv .*, got 0; .*INVALID_POINTS/);
  }
});

test("--output takes what --per-row gives", () => {
  const { status, stderr } = emix("score", "model.json", "rows.csv", "-o", "out.csv");
  expect(status).toBe(2);
  expect(stderr).toContain("--output takes what --per-row gives");
});
