import type { Evaluation } from "../../kernel.ts";
import type { Group, Instance } from "./instance.ts";

/** Writes what is asked for of a group whose log joint densities stand in the instance's memory. in: count, n */
export function writeEvaluation(instance: Instance, group: Group, count: number, evaluation: Evaluation): void {
  const { logDensities, logJoint, responsibilities, labels } = evaluation;
  const { memory, shape } = instance;
  const { firstPoint } = group;
  const points = Math.min(group.points, count - firstPoint);
  const rows = Array.from({ length: shape.components }, (_, c) =>
    instance.view(memory.joint + c * memory.jointStride, points),
  );
  if (logJoint) transpose(rows, (joint) => joint, logJoint, firstPoint);
  if (labels) writeLabels(rows, labels.subarray(firstPoint, firstPoint + points));
  if (!(logDensities || responsibilities)) return;
  instance.softMax(group, instance.all);
  logDensities?.set(instance.view(memory.logDensities, points), firstPoint);
  const scales = instance.view(memory.scales, points);
  const root = instance.form.keeps === "root";
  const responsibility = (h: number, point: number) => (root ? (h * scales[point]) ** 2 : h * scales[point]);
  if (responsibilities) transpose(rows, responsibility, responsibilities, firstPoint);
}

/** in: k rows of points; out: from point `firstPoint` on, k values of each point side by side */
function transpose(
  rows: readonly Float64Array[],
  value: (number: number, point: number) => number,
  out: Float64Array,
  firstPoint: number,
): void {
  const components = rows.length;
  rows.forEach((row, component) => {
    for (let point = 0, i = firstPoint * components + component; point < row.length; point++, i += components) {
      out[i] = value(row[point], point);
    }
  });
}

/** out: labels, the row of each point's largest number, the lower one of a tie */
function writeLabels(rows: readonly Float64Array[], labels: Int32Array): void {
  const most = rows[0].slice();
  labels.fill(0);
  rows.forEach((row, component) => {
    for (let point = 0; point < row.length; point++) {
      if (row[point] > most[point]) {
        most[point] = row[point];
        labels[point] = component;
      }
    }
  });
}
