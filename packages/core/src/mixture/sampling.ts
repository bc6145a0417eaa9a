import { matrixOf } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { resultDoubles, resultIntegers } from "../linear-algebra/result-arrays.ts";
import type { Random } from "../random.ts";
import type { Mixture } from "./mixture.ts";

/** Draws points: a component ∝ its weight, then mean + L · normals. out: points, count × d; labels, count. @throws ALLOCATION_FAILED */
export function drawFrom(
  mixture: Mixture,
  count: number,
  random: Random,
): { points: Float64Array; labels: Int32Array } {
  const { components, features, covarianceType, means, weights } = mixture;
  const form = matrixForm(covarianceType);
  const roots = Array.from({ length: components }, (_, c) => form.root(matrixOf(mixture, mixture, c), features));
  const points = resultDoubles(count * features);
  const labels = resultIntegers(count);
  const normals = new Float64Array(features);
  for (let i = 0; i < count; i++) {
    const component = drawComponent(weights, random.uniform());
    labels[i] = component;
    for (let j = 0; j < features; j++) normals[j] = random.normal();
    const point = points.subarray(i * features, (i + 1) * features);
    form.multiply(roots[component], normals, point);
    for (let j = 0; j < features; j++) point[j] += means[component * features + j];
  }
  return { points, labels };
}

function drawComponent(weights: Float64Array, uniform: number): number {
  let running = 0;
  let last = 0;
  for (let component = 0; component < weights.length; component++) {
    if (weights[component] === 0) continue;
    running += weights[component];
    last = component;
    if (uniform < running) break;
  }
  return last;
}
