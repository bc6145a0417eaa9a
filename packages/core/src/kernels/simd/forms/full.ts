import { triangleLength } from "../../../linear-algebra/triangle.ts";
import { componentLayout, unpackMass } from "../arithmetic/component.ts";
import type { Measures } from "../language/setting.ts";
import { FEW_FEATURES, fewMoments } from "./few-moments.ts";
import type { Form } from "./form.ts";
import { scratchMemory } from "./memory.ts";
import { triangularMoments } from "./moments.ts";
import { factorPacker, scatterUnpacker } from "./triangle-order.ts";
import { stripVectors, triangularDensity } from "./triangular-density.ts";

/** Full covariances: every component has a factor and a scatter of its own. */
export function fullForm(measures: Measures): Form {
  const { features, bytes } = measures;
  const triangle = triangleLength(features);
  const component = componentLayout(features, triangle, bytes);
  const few = features <= FEW_FEATURES && bytes === 8;
  const scratch = scratchMemory(measures, stripVectors(features));
  const pack = factorPacker(features);
  const unpack = scatterUnpacker(features);
  const factor = { shared: false, offset: component.factor };
  const parameters = { component, factor };
  return {
    component,
    shared: null,
    sums: 1 + features + triangle,
    sharedSums: 0,
    frame: bytes === 8 ? { ...factor, length: triangle, pack } : null,
    keeps: few ? "responsibility" : "root",
    scratchEnd: scratch.end,

    code: (setting) => ({
      density: triangularDensity(setting, parameters, scratch.centred),
      ...(few ? fewMoments(setting, parameters) : triangularMoments(setting, parameters, scratch)),
    }),

    packFactor(parameters, density, index, out) {
      pack(parameters, density.factors + index * triangle, out);
    },

    unpackSums(sums, statistics, index, slot) {
      unpackMass(sums, statistics, index, slot);
      unpack(sums, 1 + features, slot, statistics.scatter + index * triangle);
    },
  };
}
