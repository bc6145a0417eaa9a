import type { Evaluation } from "../../kernel.ts";
import { intoEntropies, intoRows, intoTop } from "../../reference/takers.ts";
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
  const { logDensities, logJoint, responsibilities, entropies, labels, topComponents, topResponsibilities } =
    evaluation;
  const { memory, shape, form } = instance;
  const { span, firstPoint, components, list } = evaluated;
  const points = Math.min(span.points, count - firstPoint);
  const ofPoints = (address: number) => instance.view(address + span.from * 8, points);
  const rowOf = (component: number) => ofPoints(memory.joint + component * memory.jointStride);
  if (logJoint) {
    for (const component of components) {
      rowOf(component).forEach((value, point) => {
        logJoint[(firstPoint + point) * shape.components + component] = value;
      });
    }
  }
  if (labels) writeLabels(components, rowOf, labels.subarray(firstPoint, firstPoint + points));
  if (!(logDensities || responsibilities || entropies || topComponents)) return;
  instance.softMax(span, list);
  logDensities?.set(ofPoints(memory.logDensities), firstPoint);
  const takers = [
    responsibilities && intoRows(responsibilities, shape.components),
    entropies && intoEntropies(entropies),
    topComponents && topResponsibilities && intoTop(topComponents, topResponsibilities, topComponents.length / count),
  ].filter((taker) => taker !== undefined);
  const scales = ofPoints(memory.scales);
  const root = form.keeps === "root";
  for (const { open, take } of takers) {
    for (let point = 0; point < points; point++) open(firstPoint + point);
    for (const component of components) {
      const row = rowOf(component);
      for (let point = 0; point < points; point++) {
        if (row[point] === 0) continue;
        const share = row[point] * scales[point];
        take(firstPoint + point, component, root ? share ** 2 : share);
      }
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
