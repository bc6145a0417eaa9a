import { packedOf } from "../../../covariance/covariances.ts";
import { matrixForm } from "../../../covariance/forms.ts";
import { matrixStart } from "../../../covariance/shape.ts";
import { zeros } from "../../../linear-algebra/doubles.ts";
import { type DensityLayout, measureOf } from "../../../mixture/density.ts";
import type { Measure } from "../../../statistics/frames.ts";
import type { Instance } from "./instance.ts";

/**
 * Writes a mixture's parameters into the instance's memory. In f32 a pivot is rounded; what is left of it enters the
 * densities with the low words, by the biases, and the sums by `moveSums`.
 * in: measured, whether a measure stands in the parameters. out: pivots as they are minus as they are held, k × d
 */
export function loadParameters(
  instance: Instance,
  density: DensityLayout,
  parameters: Float64Array,
  measured: boolean,
): Float64Array {
  const { components, features } = density;
  // In f64 nothing is left.
  const rests = instance.bytes === 8 ? NO_RESTS : zeros(components * features);
  for (let component = 0; component < components; component++) {
    loadComponent(instance, density, parameters, component);
    if (instance.bytes === 4) rests.set(loadRest(instance, density, parameters, component), component * features);
  }
  instance.measured = loadMeasure(instance, density, measureOf(parameters, density, measured));
  instance.whitens = loadShared(instance, density, parameters);
  return rests;
}

const NO_RESTS = new Float64Array(0);

function loadComponent(
  { form, memory, bytes, doubles, values, numbers }: Instance,
  density: DensityLayout,
  parameters: Float64Array,
  component: number,
): void {
  const { features } = density;
  const layout = form.component;
  const start = memory.components + component * layout.bytes;
  const row = component * features;
  doubles[(start + layout.logConstant) / 8] = parameters[density.logConstants + component];
  doubles[(start + layout.zeroThreshold) / 8] = parameters[density.zeroThresholds + component];
  const pivot = (start + layout.pivot) / bytes;
  const biases = (start + layout.biases) / bytes;
  for (let j = 0; j < features; j++) {
    values[pivot + j] = parameters[density.pivots + row + j];
    values[biases + j] = -(parameters[density.biases + row + j] + 0);
  }
  const factor = numbers(start + layout.factor, Math.floor((layout.bytes - layout.factor) / bytes));
  form.packFactor(parameters, density, component, factor);
}

/** The biases of a component whose pivot was rounded. out: what was lost of it, d */
function loadRest(
  { form, memory, bytes, values }: Instance,
  density: DensityLayout,
  parameters: Float64Array,
  component: number,
): Float64Array {
  const { features, covarianceType } = density;
  const start = memory.components + component * form.component.bytes;
  const row = component * features;
  const rest = zeros(features);
  for (let j = 0; j < features; j++) {
    rest[j] = parameters[density.pivots + row + j] - values[(start + form.component.pivot) / bytes + j];
  }
  const whitened = zeros(features);
  const factor = packedOf(parameters.subarray(density.factors), density, component);
  matrixForm(covarianceType).multiply(factor, rest, whitened);
  for (let j = 0; j < features; j++) {
    values[(start + form.component.biases) / bytes + j] = -(parameters[density.biases + row + j] + whitened[j]);
  }
  return rest;
}

/** What all components share. out: whether E takes whitened points */
function loadShared({ form, memory, bytes, numbers }: Instance, density: DensityLayout, parameters: Float64Array) {
  if (form.shared === null || form.packShared === undefined) return false;
  const { pivot, factor, bytes: end } = form.shared;
  const pivotPlace = numbers(memory.shared + pivot, density.features);
  const factorPlace = numbers(memory.shared + factor, Math.floor((end - factor) / bytes));
  return form.packShared(parameters, density, pivotPlace, factorPlace);
}

/** Writes what moments are measured from: pivots, and frames where there are any. out: which components are measured */
export function loadMeasure(
  { form, memory, numbers }: Instance,
  { components, features, covarianceType }: DensityLayout,
  { pivots, frames }: Measure,
): Int8Array {
  for (let component = 0; component < components; component++) {
    const start = memory.measured + component * form.component.bytes;
    const row = component * features;
    const pivot = numbers(start + form.component.pivot, features);
    for (let j = 0; j < features; j++) pivot[j] = pivots[row + j];
    if (form.frame === null || frames.framed[component] <= 0) continue;
    const { shared, offset, length, pack } = form.frame;
    const place = numbers((shared ? memory.measuredShared : start) + offset, length);
    pack(frames.factors, matrixStart(covarianceType, component, features), place);
  }
  return frames.framed;
}
