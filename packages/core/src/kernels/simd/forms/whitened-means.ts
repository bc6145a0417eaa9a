import { triangleRow } from "../../../linear-algebra/triangle.ts";
import type { DensityLayout } from "../../../mixture/density.ts";

// Where the means stand when all are whitened by one shared factor, about a point in their middle.

/** ‖W(μ_c − p)‖ up to which y_c loses no more than three bits by the common product. */
const NEAR = 8;

export function meansAreNear(parameters: Float64Array, density: DensityLayout, point: Float64Array): boolean {
  for (let component = 0; component < density.components; component++) {
    if (!(lengthOf(whitenedMean(parameters, density, component, point)) <= NEAR)) return false;
  }
  return true;
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

/** p: the middle of the means, as the arithmetic holds it */
export function commonPoint(
  parameters: Float64Array,
  { components, features, pivots }: DensityLayout,
  bytes: 8 | 4,
): Float64Array {
  const point = new Float64Array(features);
  for (let i = 0; i < components * features; i++) point[i % features] += parameters[pivots + i] / components;
  return bytes === 8 ? point : point.map(Math.fround);
}

/** W(μ_c − p) */
export function whitenedMean(
  parameters: Float64Array,
  { features, pivots, factors }: DensityLayout,
  component: number,
  point: Float64Array,
): Float64Array {
  const mean = pivots + component * features;
  return point.map((_, row) => {
    let sum = 0;
    for (let j = 0; j <= row; j++)
      sum += parameters[factors + triangleRow(row) + j] * (parameters[mean + j] - point[j]);
    return sum;
  });
}
