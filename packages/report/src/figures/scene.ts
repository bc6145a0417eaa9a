import { type Frame, frameOf, isInside } from "../mixture/frame.ts";
import { type Groups, groupsOf } from "../mixture/groups.ts";
import { featuresBySeparation } from "../mixture/separation.ts";
import { MOST_SAMPLE_ROWS, type ReportData } from "../report-data.ts";
import { columnNames, plainText } from "../words/names.ts";
import type { Subject } from "../words/sentences.ts";

/** Features that pair plots show: at most ten plots. */
const MOST_PAIRED = 5;

/** What all figures of a report share. */
export interface Scene extends Subject {
  readonly report: ReportData;
  readonly groups: Groups;
  /** rows of the sample */
  readonly sampled: number;
  value(row: number, feature: number): number;
  /** The column of a feature in the sample. */
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

/** Rows of the sample that a small picture draws; a wide one draws all. */
export const MOST_SMALL_ROWS = 1500;

/** in: width of a picture, in pixels */
export function mostRows(width: number): number {
  return width > 600 ? MOST_SAMPLE_ROWS : MOST_SMALL_ROWS;
}

/** Rows that a picture of these features draws. in: width, in pixels */
export function rowsDrawn(scene: Scene, features: readonly number[], width: number): number[] {
  return rowsInside(scene, features).slice(0, mostRows(width));
}

/** A name with its unit. */
export function titleOf({ names, units }: Subject, feature: number): string {
  return units[feature] === "" ? names[feature] : `${names[feature]} (${units[feature]})`;
}

/** The features whose exact values the page holds, most separating first. */
export function picturedFeatures({ order }: Scene): readonly number[] {
  return order.slice(0, MOST_PAIRED);
}
