import { triangleLength, triangleRow } from "../../linear-algebra/triangle.ts";
import { componentLayout } from "./component.ts";
import type { Form, Measures } from "./form.ts";
import { scratchMemory } from "./memory.ts";
import { FEW_FEATURES, fewMoments } from "./few-moments.ts";
import { triangularMoments } from "./moments.ts";
import { factorOrder, scatterOrder } from "./triangle-blocks.ts";
import { VECTOR_BYTES } from "./wasm.ts";
import { stripVectors, triangularDensity } from "./triangular-density.ts";

// Full covariances: every component has a factor and a scatter of its own.

export function fullForm(measures: Measures): Form {
  const { features, tileSize, bytes } = measures;
  const component = componentLayout(features, triangleLength(features));
  const factors = factorOrder(features).map(([row, column]) => triangleRow(row) + column);
  const scatter = scatterOrder(features).map(([row, column]) => triangleRow(row) + column);
  const sums = 1 + features + scatter.length;
  const scratch = scratchMemory(features, stripVectors(features), (tileSize * bytes) / VECTOR_BYTES, sums);
  return {
    component,
    sums,
    scratchEnd: scratch.end,
    packFactor(parameters, density, index, out) {
      const from = density.factors + index * factors.length;
      for (let i = 0; i < factors.length; i++) out[i] = parameters[from + factors[i]];
    },
    unpackSums(values, statistics, index, slot) {
      slot[statistics.responsibilitySums + index] = values[0];
      for (let j = 0; j < features; j++) slot[statistics.weightedSums + index * features + j] = values[1 + j];
      const triangle = statistics.scatter + index * scatter.length;
      for (let i = 0; i < scatter.length; i++) slot[triangle + scatter[i]] = values[1 + features + i];
    },
    density: (setting) => triangularDensity(setting, component, scratch.centred),
    moments: (setting) =>
      features <= FEW_FEATURES
        ? fewMoments(setting, component)
        : triangularMoments(setting, component, scratch, sums),
  };
}
