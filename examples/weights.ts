// Points with weights: a table of counts gives the same mixture as all the rows that were counted.
//   node examples/weights.ts

import { readFile } from "node:fs/promises";
import { fit } from "emix";

const lines = (await readFile("data/faithful.csv", "utf8")).trim().split("\n").slice(1);
const waits = lines.map((line) => Number(line.split(",")[1]));

const counts = new Map<number, number>();
for (const wait of waits) counts.set(wait, (counts.get(wait) ?? 0) + 1);

const options = { components: 2, tolerance: 0, maxIterations: 500, seed: 1 };
const ofRows = await fit(
  waits.map((wait) => [wait]),
  options,
);
const ofCounts = await fit(
  [...counts.keys()].map((wait) => [wait]),
  { ...options, pointWeights: [...counts.values()] },
);

for (const [name, { mixture, lowerBound }] of Object.entries({ rows: ofRows, counts: ofCounts })) {
  const { weights, means } = mixture.ordered("weight");
  console.log(`${name}: ${[...means, ...weights, lowerBound].map((each) => each.toFixed(6)).join(" ")}`);
}
