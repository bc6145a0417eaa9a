import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Golden {
  readonly sets: Readonly<Record<string, { readonly points: number[][] }>>;
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const golden: Golden = JSON.parse(read("real-mclust.json"));

test.each([
  ["faithful", ["eruptions", "waiting"]],
  ["iris", ["sepal_length", "sepal_width", "petal_length", "petal_width"]],
])("data/%s.csv holds what the references were fitted to", (name, columns) => {
  const [header, ...rows] = read(`../../data/${name}.csv`)
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const places = columns.map((column) => header.indexOf(column));
  expect(rows.map((row) => places.map((place) => Number(row[place])))).toEqual(golden.sets[name].points);
});
