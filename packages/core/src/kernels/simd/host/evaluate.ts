import type { Evaluation } from "../../kernel.ts";
import { clearTop, offerTop } from "../../top-components.ts";
import type { Instance, List, Span } from "./instance.ts";

/** Points whose log joint densities stand in the instance's memory. */
export interface Evaluated {
  readonly span: Span;
  /** the number of the first one */
  readonly firstPoint: number;
  /** the components that were computed, rising, and where they lie; the others are 0 */
  readonly components: Int32Array;
  readonly list: List;
}

/** Writes what is asked for of some points. in: count, n */
export function writeEvaluation(instance: Instance, evaluated: Evaluated, count: number, evaluation: Evaluation): void {
  const { logDensities, logJoint, responsibilities, labels, topComponents, topResponsibilities } = evaluation;
  const { memory } = instance;
  const { span, firstPoint, components, list } = evaluated;
  const points = Math.min(span.points, count - firstPoint);
  const rowOf = (component: number) =>
    instance.view(memory.joint + component * memory.jointStride + span.from * 8, points);
  const every = instance.shape.components;
  const transpose = (value: (number: number, point: number) => number, out: Float64Array) => {
    for (const component of components) {
      const row = rowOf(component);
      for (let point = 0, i = firstPoint * every + component; point < points; point++, i += every) {
        out[i] = value(row[point], point);
      }
    }
  };
  if (logJoint) transpose((joint) => joint, logJoint);
  if (labels) writeLabels(components, rowOf, labels.subarray(firstPoint, firstPoint + points));
  if (!(logDensities || responsibilities || topComponents)) return;
  instance.softMax(span, list);
  logDensities?.set(instance.view(memory.logDensities + span.from * 8, points), firstPoint);
  const scales = instance.view(memory.scales + span.from * 8, points);
  const root = instance.form.keeps === "root";
  const responsibility = (h: number, point: number) => (root ? (h * scales[point]) ** 2 : h * scales[point]);
  if (responsibilities) {
    if (components.length < every) responsibilities.fill(0, firstPoint * every, (firstPoint + points) * every);
    transpose(responsibility, responsibilities);
  }
  if (!(topComponents && topResponsibilities)) return;
  const top = { components: topComponents, responsibilities: topResponsibilities };
  const size = topComponents.length / count;
  for (let point = 0; point < points; point++) clearTop(top, firstPoint + point, size);
  for (const component of components) {
    const row = rowOf(component);
    for (let point = 0; point < points; point++) {
      if (row[point] === 0) continue;
      offerTop(top, { row: firstPoint + point, size }, component, responsibility(row[point], point));
    }
  }
}

/** out: labels, the component of each point's largest number, the lower one of a tie */
function writeLabels(components: Int32Array, rowOf: (component: number) => Float64Array, labels: Int32Array): void {
  const most = rowOf(components[0]).slice();
  labels.fill(components[0]);
  for (const component of components) {
    const row = rowOf(component);
    for (let point = 0; point < row.length; point++) {
      if (row[point] > most[point]) {
        most[point] = row[point];
        labels[point] = component;
      }
    }
  }
}
