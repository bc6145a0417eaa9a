// A batch job: fit a mixture to the columns of a large file, and write the model to another.
//   node examples/flights.ts [--limit 100000] [--output out/flights.json]

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { createEngine, readingLine, tailQuantiles, writeModel } from "emix";

const { values } = parseArgs({
  options: {
    input: { type: "string", default: "node_modules/vega-datasets/data/flights-3m.parquet" },
    output: { type: "string", default: "out/flights.json" },
    limit: { type: "string" },
  },
});
const limit = values.limit === undefined ? {} : { limit: Number(values.limit) };

await using engine = await createEngine();
const points = await engine.loadFile(values.input, {
  columns: ["delay", "distance", 'hour=hour("date")'],
  ...limit,
});
console.log(readingLine(points.reading));

const options = { components: 4, regularization: 0.01, restarts: 4, seed: 2 };
const { mixture, converged, iterations, lowerBound } = await engine.fit(points, options);
console.log(
  `${converged ? "converged" : "stopped"} after ${iterations} iterations at ${lowerBound.toFixed(4)} a point`,
);

const groups = mixture.ordered("weight");
for (let c = 0; c < groups.components; c++) {
  const [delay, distance, hour] = groups.means.subarray(c * groups.features);
  const share = (100 * groups.weights[c]).toFixed(1);
  console.log(
    `${share} % of flights: ${delay.toFixed(0)} min late, ${distance.toFixed(0)} miles, ${hour.toFixed(1)} h`,
  );
}

// The quantiles let a reader of the model tell which flights are unusual, without these points.
const outliers = tailQuantiles(await engine.logProb(points, { mixture: groups }), null);
await mkdir(dirname(values.output), { recursive: true });
await writeFile(values.output, writeModel({ mixture: groups.parameters, columns: points.columns, outliers }, "json"));
console.log(`wrote ${values.output}`);
