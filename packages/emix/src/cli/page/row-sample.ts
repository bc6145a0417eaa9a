import { type Random, randomStream, type Transform } from "@emix/core";
import type { Evaluation, RowWindow } from "@emix/io";
import { MOST_SAMPLE_ROWS, type ReportOutlier, type ReportSample } from "@emix/report";
import { shownValue } from "./shown-units.ts";

/** Rows of lowest log density that a report shows. */
const MOST_OUTLIERS = 20;

interface Row {
  /** from 1 */
  readonly row: number;
  readonly values: Float64Array;
  readonly label: number;
  readonly maxResponsibility: number;
  readonly logDensity: number;
}

/** Looks at all rows, one window after another, and keeps a few of them: some at random, and the most unusual. */
export class RowSample {
  readonly #transforms: readonly Transform[] | undefined;
  readonly #features: number;
  readonly #random: Random;
  readonly #drawn: Row[] = [];
  #unusual: Row[] = [];
  #seen = 0;

  constructor(features: number, transforms: readonly Transform[] | undefined, seed: number | string) {
    this.#features = features;
    this.#transforms = transforms;
    this.#random = randomStream(seed, "report");
  }

  add(window: RowWindow, found: Evaluation): void {
    for (let i = 0; i < window.rowCount; i++) {
      if (found.labels[i] < 0) continue;
      const place = this.#place();
      const isUnusual = found.logDensities[i] < this.#leastUnusual;
      if (place === null && !isUnusual) continue;
      const row = this.#row(window, found, i);
      if (place !== null) this.#drawn[place] = row;
      if (isUnusual) this.#keep(row);
    }
  }

  /** In the order of the file. */
  sample(): ReportSample {
    const rows = this.#drawn.toSorted((a, b) => a.row - b.row);
    return {
      values: rows.flatMap(({ values }) => [...values]),
      labels: rows.map(({ label }) => label),
      maxResponsibilities: rows.map(({ maxResponsibility }) => maxResponsibility),
      logDensities: rows.map(({ logDensity }) => logDensity),
      rows: rows.map(({ row }) => row),
    };
  }

  /** Most unusual first. */
  outliers(): ReportOutlier[] {
    return this.#unusual.map(({ maxResponsibility: _, ...row }) => row);
  }

  /** Where a row of those seen goes so that each has the same chance to be kept; null for nowhere. */
  #place(): number | null {
    const seen = this.#seen++;
    if (seen < MOST_SAMPLE_ROWS) return seen;
    const place = Math.floor(this.#random.uniform() * (seen + 1));
    return place < MOST_SAMPLE_ROWS ? place : null;
  }

  get #leastUnusual(): number {
    return this.#unusual.length < MOST_OUTLIERS ? Infinity : this.#unusual[MOST_OUTLIERS - 1].logDensity;
  }

  #keep(row: Row): void {
    this.#unusual = [...this.#unusual, row].sort((a, b) => a.logDensity - b.logDensity).slice(0, MOST_OUTLIERS);
  }

  #row({ first, points }: RowWindow, { labels, maxResponsibilities, logDensities }: Evaluation, i: number): Row {
    const d = this.#features;
    return {
      row: first + i + 1,
      values: Float64Array.from({ length: d }, (_, j) => shownValue(points[i * d + j], this.#transforms?.[j])),
      label: labels[i],
      maxResponsibility: maxResponsibilities[i],
      logDensity: logDensities[i],
    };
  }
}
