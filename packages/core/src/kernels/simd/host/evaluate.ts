import type { Evaluation } from "../../kernel.ts";
import { intoEntropies, intoTop } from "../../reference/takers.ts";
import type { Instance, List, Span } from "./instance.ts";

/** Points whose log joint densities stand in the instance's memory. */
export interface EvaluatedPoints {
  readonly span: Span;
  /** the number of the first one */
  readonly firstPoint: number;
  /** the components that were computed, rising, and where they lie; the others have no share */
  readonly components: Int32Array;
  readonly list: List;
}

/** The log joint densities, or responsibilities, of some points: a row for each of the components, `stride` apart. */
interface Joint {
  readonly values: Float64Array;
  readonly stride: number;
  readonly components: Int32Array;
  readonly points: number;
}

/** Writes what is asked for of some points. in: count, n */
export function writeEvaluation(
  instance: Instance,
  evaluated: EvaluatedPoints,
  count: number,
  evaluation: Evaluation,
): void {
  const { logDensities, logJoint, responsibilities, entropies, labels, topComponents, topResponsibilities } =
    evaluation;
  const { memory, shape, form } = instance;
  const { span, firstPoint, components, list } = evaluated;
  const points = Math.min(span.points, count - firstPoint);
  const offset = span.from * 8;
  const stride = memory.jointStride / 8;
  const length = (shape.components - 1) * stride + points;
  const joint: Joint = { values: instance.view(memory.joint + offset, length), stride, components, points };
  if (logJoint) transpose(joint, logJoint, firstPoint, shape.components);
  if (labels) writeLabels(joint, labels, firstPoint);
  if (!(logDensities || responsibilities || entropies || topComponents)) return;
  instance.softMax(span, list);
  logDensities?.set(instance.view(memory.logDensities + offset, points), firstPoint);
  if (!(responsibilities || entropies || topComponents)) return;
  scale(joint, instance.view(memory.scales + offset, points), form.keeps === "root");
  if (responsibilities) {
    const whole = components.length === shape.components;
    if (!whole) responsibilities.fill(0, firstPoint * shape.components, (firstPoint + points) * shape.components);
    transpose(joint, responsibilities, firstPoint, shape.components);
  }
  if (entropies) take(joint, intoEntropies(entropies), firstPoint);
  if (!(topComponents && topResponsibilities)) return;
  take(joint, intoTop(topComponents, topResponsibilities, topComponents.length / count), firstPoint);
}

/** in: squares, whether square roots of responsibilities stand there */
function scale({ values, stride, components, points }: Joint, scales: Float64Array, squares: boolean): void {
  for (let i = 0; i < components.length; i++) {
    const start = components[i] * stride;
    for (let point = 0; point < points; point++) {
      const scaled = values[start + point] * scales[point];
      values[start + point] = squares ? scaled ** 2 : scaled;
    }
  }
}

/** out: from point `firstPoint` on, k values of each point side by side */
function transpose({ values, stride, components, points }: Joint, out: Float64Array, firstPoint: number, k: number) {
  for (let i = 0; i < components.length; i++) {
    const component = components[i];
    const start = component * stride;
    for (let point = 0, at = firstPoint * k + component; point < points; point++, at += k) {
      out[at] = values[start + point];
    }
  }
}

function take(
  { values, stride, components, points }: Joint,
  taker: ReturnType<typeof intoEntropies>,
  firstPoint: number,
): void {
  for (let point = 0; point < points; point++) taker.open(firstPoint + point);
  for (let i = 0; i < components.length; i++) {
    const start = components[i] * stride;
    for (let point = 0; point < points; point++) {
      if (values[start + point] !== 0) taker.take(firstPoint + point, components[i], values[start + point]);
    }
  }
}

/** out: from point `firstPoint` on, the component of each point's largest number, the lower one of a tie */
function writeLabels({ values, stride, components, points }: Joint, labels: Int32Array, firstPoint: number): void {
  const first = components[0] * stride;
  const most = values.slice(first, first + points);
  labels.fill(components[0], firstPoint, firstPoint + points);
  for (let i = 1; i < components.length; i++) {
    const start = components[i] * stride;
    for (let point = 0; point < points; point++) {
      if (values[start + point] <= most[point]) continue;
      most[point] = values[start + point];
      labels[firstPoint + point] = components[i];
    }
  }
}
