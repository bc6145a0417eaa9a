import { GaussianMixture } from "emix";
import { afterAll, expect, test } from "vitest";
import { commandIn } from "../../../../support/command.ts";
import { jsonOf, modelFor, modelWithLogarithm } from "../../../../support/model-files.ts";

const { emix, file, read, remove } = commandIn("sample");
afterAll(remove);

const model = modelFor([[1, 2]]);
file("model.json", jsonOf(model));
file("log.json", jsonOf(modelWithLogarithm([[1, 2]])));

function rowsOf(text: string): { heading: string; rows: number[][] } {
  const [heading, ...lines] = text.trimEnd().split("\n");
  return { heading, rows: lines.map((line) => line.split(",").map(Number)) };
}

test("rows are those that the library draws, with their labels", () => {
  expect(emix("sample", "model.json", "-n", "20000", "--seed", "7", "-o", "x.csv").status).toBe(0);
  const { heading, rows } = rowsOf(read("x.csv"));
  const { points, labels } = new GaussianMixture(model.mixture).sample(20000, { seed: 7 });
  expect(heading).toBe("a,b,label");
  expect(rows.flatMap((row) => row.slice(0, 2))).toEqual([...points]);
  expect(rows.map(([, , label]) => label)).toEqual([...labels]);
});

test("rows are in the units of the columns where the model transforms them", () => {
  const plain = rowsOf(emix("sample", "model.json", "-n", "50").stdout).rows;
  const { rows } = rowsOf(emix("sample", "log.json", "-n", "50").stdout);
  for (const [i, [a, b, label]] of rows.entries()) {
    expect((Math.log(a) - 0.5) / 2).toBeCloseTo(plain[i][0], 12);
    expect((b + 1) / 4).toBeCloseTo(plain[i][1], 12);
    expect(label).toBe(plain[i][2]);
  }
});

test("what is drawn can be scored, and its score is near that of more of it", () => {
  emix("sample", "log.json", "-n", "4000", "--seed", "1", "-o", "one.parquet");
  emix("sample", "log.json", "-n", "4000", "--seed", "2", "-o", "two.ndjson");
  const [one, two] = ["one.parquet", "two.ndjson"].map((name) => Number(emix("score", "log.json", name).stdout));
  expect(Math.abs(one - two)).toBeLessThan(0.15);
});

test.each([[["-n", "0"]], [[]], [["-n", "1.5"]]])("%j is refused", (flags) => {
  expect(emix("sample", "model.json", ...flags).status).toBe(2);
});
