import type { Evaluation } from "../../kernel.ts";
import type { Group, Instance } from "./instance.ts";

/** The log joint densities, or responsibilities, of a group in the instance's memory: k rows of points, `stride` apart. */
interface Joint {
  readonly values: Float64Array;
  readonly stride: number;
  readonly components: number;
  readonly points: number;
}

/** Writes what is asked for of a group whose log joint densities stand in the instance's memory. in: count, n */
export function writeEvaluation(instance: Instance, group: Group, count: number, evaluation: Evaluation): void {
  const { logDensities, logJoint, responsibilities, labels } = evaluation;
  const { memory, shape } = instance;
  const { firstPoint } = group;
  const { components } = shape;
  const points = Math.min(group.points, count - firstPoint);
  const stride = memory.jointStride / 8;
  const joint: Joint = { values: instance.view(memory.joint, components * stride), stride, components, points };
  if (logJoint) transpose(joint, logJoint, firstPoint);
  if (labels) writeLabels(joint, labels, firstPoint);
  if (!(logDensities || responsibilities)) return;
  instance.softMax(group, instance.all);
  logDensities?.set(instance.view(memory.logDensities, points), firstPoint);
  if (!responsibilities) return;
  scale(joint, instance.view(memory.scales, points), instance.form.keeps === "root");
  transpose(joint, responsibilities, firstPoint);
}

/** in: squares, whether square roots of responsibilities stand there */
function scale({ values, stride, components, points }: Joint, scales: Float64Array, squares: boolean): void {
  for (let start = 0; start < components * stride; start += stride) {
    for (let point = 0; point < points; point++) {
      const scaled = values[start + point] * scales[point];
      values[start + point] = squares ? scaled ** 2 : scaled;
    }
  }
}

/** out: from point `firstPoint` on, k values of each point side by side */
function transpose({ values, stride, components, points }: Joint, out: Float64Array, firstPoint: number): void {
  for (let component = 0, start = 0; component < components; component++, start += stride) {
    for (let point = 0, i = firstPoint * components + component; point < points; point++, i += components) {
      out[i] = values[start + point];
    }
  }
}

/** out: from point `firstPoint` on, the row of each point's largest number, the lower one of a tie */
function writeLabels({ values, stride, components, points }: Joint, labels: Int32Array, firstPoint: number): void {
  const most = values.slice(0, points);
  labels.fill(0, firstPoint, firstPoint + points);
  for (let component = 1, start = stride; component < components; component++, start += stride) {
    for (let point = 0; point < points; point++) {
      if (values[start + point] <= most[point]) continue;
      most[point] = values[start + point];
      labels[firstPoint + point] = component;
    }
  }
}
