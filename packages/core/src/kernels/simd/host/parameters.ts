import { packedOf } from "../../../covariance/covariances.ts";
import { matrixForm } from "../../../covariance/forms.ts";
import { type DensityLayout, measurePlaces } from "../../../mixture/density.ts";
import type { Instance, Run } from "./instance.ts";

/**
 * Writes a mixture's parameters into the instance's memory. In f32 a pivot is rounded; what is left of it enters the
 * densities with the low words, by the biases, and the sums by `moveSums`.
 * out: pivots as they are minus as they are held, k × d
 */
export function loadParameters(instance: Instance, density: DensityLayout, parameters: Float64Array): Float64Array {
  const { form, memory } = instance;
  const rests = new Float64Array(density.components * density.features);
  for (let component = 0; component < density.components; component++) {
    const start = memory.components + component * form.component.bytes;
    const rest = rests.subarray(component * density.features, (component + 1) * density.features);
    loadComponent(instance, density, parameters, component, start, rest);
  }
  instance.runs = loadMeasure(instance, density, parameters);
  if (form.shared !== null && form.packShared) {
    const at = (offset: number, length: number) => instance.numbers(memory.shared + offset, length);
    const length = (form.shared.bytes - form.shared.factor) / instance.bytes;
    const factor = at(form.shared.factor, Math.floor(length));
    instance.whitens = form.packShared(parameters, density, at(form.shared.pivot, density.features), factor);
  }
  return rests;
}

/** What moments are measured from (frames.ts): pivots, and frames where there are any. */
function loadMeasure({ form, memory, numbers }: Instance, density: DensityLayout, parameters: Float64Array): Run[] {
  const { components, features } = density;
  const { framed, pivots, frames } = measurePlaces(parameters, density);
  const flags = parameters.subarray(framed, framed + components);
  for (let component = 0; component < components; component++) {
    const start = memory.measured + component * form.component.bytes;
    const row = pivots + component * features;
    numbers(start + form.component.pivot, features).set(parameters.subarray(row, row + features));
    if (form.frame === null || flags[component] <= 0) continue;
    const { shared, offset, length, pack } = form.frame;
    const place = numbers((shared ? memory.measuredShared : start) + offset, length);
    pack(parameters, frames + (shared ? 0 : component * length), place);
  }
  return runsOf(flags);
}

/** in: flags, as of `Frames` */
function runsOf(flags: Float64Array): Run[] {
  const runs: Run[] = [];
  for (let first = 0, end = 1; end <= flags.length; end++) {
    if (flags[end] === flags[first]) continue;
    if (flags[first] >= 0) runs.push({ framed: flags[first] > 0, first, end });
    first = end;
  }
  return runs;
}

function loadComponent(
  { form, bytes, view, numbers }: Instance,
  density: DensityLayout,
  parameters: Float64Array,
  component: number,
  start: number,
  rest: Float64Array,
): void {
  const { features, covarianceType } = density;
  const layout = form.component;
  const row = component * features;
  view(start + layout.logConstant, 1)[0] = parameters[density.logConstants + component];
  view(start + layout.zeroThreshold, 1)[0] = parameters[density.zeroThresholds + component];
  const pivot = numbers(start + layout.pivot, features);
  const biases = numbers(start + layout.biases, features);
  for (let j = 0; j < features; j++) {
    pivot[j] = parameters[density.pivots + row + j];
    rest[j] = parameters[density.pivots + row + j] - pivot[j];
  }
  const whitenedRest = new Float64Array(features);
  if (bytes === 4)
    matrixForm(covarianceType).multiply(
      packedOf(parameters.subarray(density.factors), density, component),
      rest,
      whitenedRest,
    );
  for (let j = 0; j < features; j++) biases[j] = -(parameters[density.biases + row + j] + whitenedRest[j]);
  const factor = numbers(start + layout.factor, Math.floor((layout.bytes - layout.factor) / bytes));
  form.packFactor(parameters, density, component, factor);
}
