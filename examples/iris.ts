// A notebook in a file: read, fit, look at the groups, compare them with what is known, write a page.
//   node examples/iris.ts [folder]

import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createEngine, tailQuantiles, writeModel } from "emix";

const FILE = "data/iris.csv";
const folder = process.argv[2] ?? "out";
await mkdir(folder, { recursive: true });

// 1. Read. The names of the species are text, so they are no feature.
await using engine = await createEngine();
const points = await engine.loadFile(FILE);
console.log(`${points.count} flowers, ${points.features} features: ${points.columns.join(", ")}\n`);

// 2. Fit, from several starts.
const { mixture: fitted } = await engine.fit(points, { components: 3, restarts: 10, seed: 1 });
const mixture = fitted.ordered(points.columns.indexOf("sepal_length"));

// 3. Look at the groups.
const groups = Array.from({ length: mixture.components }, (_, c) => {
  const numbers = (all: Float64Array) => all.subarray(c * mixture.features, (c + 1) * mixture.features);
  const [means, variances] = [numbers(mixture.means), numbers(mixture.variances)];
  const cells = points.columns.map((column, j) => [
    column,
    `${means[j].toFixed(2)} ± ${Math.sqrt(variances[j]).toFixed(2)}`,
  ]);
  return { share: `${(100 * mixture.weights[c]).toFixed(1)} %`, ...Object.fromEntries(cells) };
});
console.table(groups);

// 4. Compare them with the species.
const labels = await engine.predict(points, { mixture });
const species = (await readFile(FILE, "utf8"))
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(",")[4]);
const counts: Record<string, number[]> = {};
for (const [row, name] of species.entries()) {
  counts[name] ??= Array.from({ length: mixture.components }, () => 0);
  counts[name][labels[row]]++;
}
console.table(counts);

// 5. Write the model, and a page about it.
const outliers = tailQuantiles(await engine.logProb(points, { mixture }), null);
const model = join(folder, "iris.json");
await writeFile(model, writeModel({ mixture: mixture.parameters, columns: points.columns, outliers }, "json"));
const page = join(folder, "iris.html");
execFileSync(
  join(import.meta.dirname, "node_modules/.bin/emix"),
  ["report", model, FILE, "--title", "Iris", "-o", page],
  { stdio: "inherit" },
);
console.log(`wrote ${page}`);
