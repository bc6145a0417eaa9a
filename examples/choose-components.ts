// How many components, and of which shape? Fit them all and compare their BIC; lower is better.
//   node examples/choose-components.ts

import { createEngine } from "emix";

await using engine = await createEngine();
const points = await engine.loadFile("data/faithful.csv");

const { best, mixture, table } = await engine.select(points, { components: [1, 2, 3, 4], restarts: 5, seed: 1 });

const tried = table.filter(({ bic }) => bic !== null).sort((a, b) => Number(a.bic) - Number(b.bic));
for (const { components, covarianceType, bic } of tried.slice(0, 5)) {
  console.log(`${components} ${covarianceType}: BIC ${bic?.toFixed(1)}`);
}
console.log(`best of ${table.length}: ${best.components} ${best.covarianceType}`);

for (let c = 0; c < mixture.components; c++) {
  const mean = mixture.means.subarray(c * mixture.features, (c + 1) * mixture.features);
  console.log(`weight ${mixture.weights[c].toFixed(2)}, mean ${[...mean].map((each) => each.toFixed(1)).join(", ")}`);
}
