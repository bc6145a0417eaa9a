import { triangleLength } from "../../../linear-algebra/triangle.ts";
import type { DensityLayout } from "../../../mixture/density.ts";
import { componentLayout, unpackMass } from "../arithmetic/component.ts";
import type { Measures } from "../language/setting.ts";
import { differenceDensity } from "./difference-density.ts";
import { FEW_FEATURES, fewMoments } from "./few-moments.ts";
import type { Form } from "./form.ts";
import { scratchMemory } from "./memory.ts";
import { triangularMoments } from "./moments.ts";
import { factorPacker, scatterUnpacker } from "./triangle-order.ts";
import { stripVectors, triangularDensity, whiten } from "./triangular-density.ts";

/**
 * One covariance for all components: one factor, one scatter, each component's part of it about its own mean. Where all
 * means are near a common point p, a point needs one product: y_c = W(x − p) − g_c with g_c = W(μ_c − p) + W lo_c.
 */
export function tiedForm(measures: Measures): Form {
  const { features, bytes } = measures;
  const triangle = triangleLength(features);
  // a component keeps g in the place of its factor
  const component = componentLayout(features, features, bytes);
  const shared = componentLayout(features, triangle, bytes);
  const few = features <= FEW_FEATURES && bytes === 8;
  const scratch = scratchMemory(measures, stripVectors(features));
  const pack = factorPacker(features);
  const unpack = scatterUnpacker(features);
  const factor = { shared: true, offset: shared.factor };
  const parameters = { component, factor };
  return {
    component,
    shared,
    sums: 1 + features,
    sharedSums: triangle,
    frame: bytes === 8 ? { ...factor, length: triangle, pack } : null,
    keeps: few ? "responsibility" : "root",
    scratchEnd: scratch.end,

    code: (setting) => ({
      density: triangularDensity(setting, parameters, scratch.centred),
      whiten: whiten(setting, shared, scratch.centred),
      whitenedDensity: differenceDensity(setting, component, "whitened"),
      ...(few ? fewMoments(setting, parameters) : triangularMoments(setting, parameters, scratch)),
    }),

    packFactor(parameters, density, index, out) {
      const offset = whitenedMean(parameters, density, index, commonPoint(parameters, density, bytes));
      for (let j = 0; j < features; j++) out[j] = offset[j] + parameters[density.biases + index * features + j];
    },

    packShared(parameters, density, pivot, factor) {
      pivot.set(commonPoint(parameters, density, bytes));
      pack(parameters, density.factors, factor);
      return meansAreNear(parameters, density, commonPoint(parameters, density, bytes));
    },

    unpackSums: unpackMass,

    unpackSharedSums(sums, statistics, slot) {
      unpack(sums, 0, slot, statistics.scatter);
    },
  };
}

/** ‖W(μ_c − p)‖ up to which y_c loses no more than three bits by the common product. */
const NEAR = 8;

function meansAreNear(parameters: Float64Array, density: DensityLayout, point: Float64Array): boolean {
  for (let component = 0; component < density.components; component++) {
    if (!(Math.hypot(...whitenedMean(parameters, density, component, point)) <= NEAR)) return false;
  }
  return true;
}

/** p: the middle of the means, as the arithmetic holds it */
function commonPoint(
  parameters: Float64Array,
  { components, features, pivots }: DensityLayout,
  bytes: 8 | 4,
): Float64Array {
  const point = new Float64Array(features);
  for (let i = 0; i < components * features; i++) point[i % features] += parameters[pivots + i] / components;
  return bytes === 8 ? point : point.map(Math.fround);
}

/** W(μ_c − p) */
function whitenedMean(
  parameters: Float64Array,
  { features, pivots, factors }: DensityLayout,
  component: number,
  point: Float64Array,
): Float64Array {
  const whitened = new Float64Array(features);
  for (let row = 0, index = factors; row < features; row++) {
    for (let column = 0; column <= row; column++, index++) {
      whitened[row] += parameters[index] * (parameters[pivots + component * features + column] - point[column]);
    }
  }
  return whitened;
}
