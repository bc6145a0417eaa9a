import { type Frame, frameOf, isInside } from "../mixture/frame.ts";
import { type Groups, groupsOf } from "../mixture/groups.ts";
import { featuresBySeparation } from "../mixture/separation.ts";
import type { ReportData } from "../report-data.ts";
import { columnNames, plainText } from "../words/names.ts";
import type { Subject } from "../words/sentences.ts";

/** What all figures of a report share. */
export interface Scene extends Subject {
  readonly report: ReportData;
  readonly groups: Groups;
  /** rows of the sample */
  readonly sampled: number;
  value(row: number, feature: number): number;
  /** of the sample */
  column(feature: number): number[];
  frame(feature: number): Frame;
}

export function sceneOf(report: ReportData): Scene {
  const { columns, sample } = report;
  const groups = groupsOf(report.mixture);
  const sampled = sample.labels.length;
  const value = (row: number, feature: number) => sample.values[row * columns.length + feature];
  const column = (feature: number) => Array.from({ length: sampled }, (_, row) => value(row, feature));
  const frames = new Map<number, Frame>();
  const frame = (feature: number) => {
    const known = frames.get(feature) ?? frameOf(groups, feature, column(feature));
    frames.set(feature, known);
    return known;
  };
  return {
    report,
    rows: report.rows,
    groups,
    names: columnNames(columns),
    units: columns.map((_, j) => plainText(report.units?.[j] ?? "")),
    order: featuresBySeparation(groups),
    sampled,
    value,
    column,
    frame,
  };
}

/** Rows of the sample that a picture of these features shows. */
export function rowsInside(scene: Scene, features: readonly number[]): number[] {
  return Array.from({ length: scene.sampled }, (_, row) => row).filter((row) =>
    features.every((feature) => isInside(scene.frame(feature), scene.value(row, feature))),
  );
}

/** A name with its unit. */
export function titleOf({ names, units }: Subject, feature: number): string {
  return units[feature] === "" ? names[feature] : `${names[feature]} (${units[feature]})`;
}
