import { triangleLength } from "../../../linear-algebra/triangle.ts";
import { componentLayout, unpackMass } from "../arithmetic/component.ts";
import type { Measures, Setting } from "../language/setting.ts";
import { differenceDensity } from "./difference-density.ts";
import { FEW_FEATURES, fewMoments } from "./few-moments.ts";
import type { Form, FormCode } from "./form.ts";
import { scratchMemory } from "./memory.ts";
import { triangularMoments } from "./moments.ts";
import { factorPacker, scatterUnpacker } from "./triangle-order.ts";
import { stripVectors, type TriangularParameters, triangularDensity, whiten } from "./triangular-density.ts";
import { commonPoint, meansAreNear, whitenedMean } from "./whitened-means.ts";

/** Every component has a factor and a scatter of its own. */
export function ownTriangles(measures: Measures): Form {
  const { features, bytes } = measures;
  const length = triangleLength(features);
  const component = componentLayout(features, length, bytes);
  const pack = factorPacker(features);
  const unpack = scatterUnpacker(features);
  return {
    ...triangularCode(measures, { component, factor: { shared: false, offset: component.factor } }),
    component,
    shared: null,
    sums: 1 + features + length,
    sharedSums: 0,

    packFactor(parameters, density, index, out) {
      pack(parameters, density.factors + index * length, out);
    },

    unpackSums(sums, statistics, index, slot) {
      unpackMass(sums, statistics, index, slot);
      unpack(sums, 1 + features, slot, statistics.scatter + index * length);
    },
  };
}

/**
 * One factor for all components, and one scatter, each component's part of it about its own mean. Where all means are
 * near a common point p, a point needs one product: y_c = W(x − p) − g_c with g_c = W(μ_c − p) + W lo_c.
 */
export function sharedTriangle(measures: Measures): Form {
  const { features, bytes } = measures;
  const length = triangleLength(features);
  // a component keeps g in the place of its factor
  const component = componentLayout(features, features, bytes);
  const shared = componentLayout(features, length, bytes);
  const own = triangularCode(measures, { component, factor: { shared: true, offset: shared.factor } });
  const { centred } = scratchMemory(measures, stripVectors(features));
  const pack = factorPacker(features);
  const unpack = scatterUnpacker(features);
  return {
    ...own,
    component,
    shared,
    sums: 1 + features,
    sharedSums: length,

    code: (setting) => ({
      ...own.code(setting),
      whiten: whiten(setting, shared, centred),
      whitenedDensity: differenceDensity(setting, component, "whitened"),
    }),

    packFactor(parameters, density, index, out) {
      const offset = whitenedMean(parameters, density, index, commonPoint(parameters, density, bytes));
      for (let j = 0; j < features; j++) out[j] = offset[j] + parameters[density.biases + index * features + j];
    },

    packShared(parameters, density, pivot, factor) {
      const point = commonPoint(parameters, density, bytes);
      pivot.set(point);
      pack(parameters, density.factors, factor);
      return meansAreNear(parameters, density, point);
    },

    unpackSums: unpackMass,

    unpackSharedSums(sums, statistics, slot) {
      unpack(sums, 0, slot, statistics.scatter);
    },
  };
}

/** What forms of triangles have in common: code that reads a factor from its place, and frames in f64. */
function triangularCode(
  measures: Measures,
  parameters: TriangularParameters,
): Pick<Form, "matrix" | "keeps" | "frame" | "scratchEnd" | "code"> {
  const { features, bytes } = measures;
  const few = features <= FEW_FEATURES && bytes === 8;
  const scratch = scratchMemory(measures, stripVectors(features));
  const frame = { ...parameters.factor, length: triangleLength(features), pack: factorPacker(features) };
  const code = (setting: Setting): FormCode => ({
    density: triangularDensity(setting, parameters, scratch.centred),
    ...(few ? fewMoments(setting, parameters) : triangularMoments(setting, parameters, scratch)),
  });
  return {
    matrix: "triangle",
    keeps: few ? "responsibility" : "root",
    frame: bytes === 8 ? frame : null,
    scratchEnd: scratch.end,
    code,
  };
}
