import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPoints, rowsOf } from "../../support/io-files.ts";

interface Golden {
  readonly sets: Readonly<Record<string, { readonly points: number[][] }>>;
}

const beside = (path: string) => new URL(path, import.meta.url).pathname;
const golden: Golden = JSON.parse(readFileSync(beside("../../golden/real-mclust.json"), "utf8"));

test.each([
  ["faithful", ["eruptions", "waiting"]],
  ["iris", ["sepal_length", "sepal_width", "petal_length", "petal_width"]],
])("data/%s.csv holds what the references were fitted to", async (name, columns) => {
  const loaded = await readPoints(beside(`../../../data/${name}.csv`));
  expect(loaded.columns).toEqual(columns);
  expect(rowsOf(loaded.tiles)).toEqual(golden.sets[name].points);
});
