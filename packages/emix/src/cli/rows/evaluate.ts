import { logVolume, type Transform, transformed } from "@emix/core";
import type { Engine } from "../../engine.ts";
import type { OpenModel } from "../model.ts";
import type { RowWindow } from "./windows.ts";

/** What a model says of rows, one entry for each; NaN (−1 as label) for a row that lacks a number. */
export interface Evaluation {
  /** index of the most probable component */
  readonly labels: Int32Array;
  /** of that component */
  readonly maxResponsibilities: Float64Array;
  /** rows × k */
  readonly responsibilities: Float64Array;
  /** of the columns before the model's transforms */
  readonly logDensities: Float64Array;
}

/** Evaluates rows a window at a time. */
export function evaluator(engine: Engine, model: OpenModel, signal: AbortSignal) {
  const { mixture } = model;
  const { components, features } = mixture;
  return async (window: RowWindow): Promise<Evaluation> => {
    const data = transformedPoints(withoutUnweighed(window), model.transforms);
    if (!hasPoint(data, features)) return nothing(window.rowCount, components);
    const points = await engine.load({ data, features }, { missing: "drop" });
    const asked = { mixture, signal, probabilities: true, logDensities: true } as const;
    const { probabilities: responsibilities, logDensities } = await engine.evaluate(points, asked);
    addVolumes(logDensities, data, model);
    return { ...mostProbable(responsibilities, components), responsibilities, logDensities };
  };
}

function nothing(rows: number, components: number): Evaluation {
  const nan = (length: number) => new Float64Array(length).fill(Number.NaN);
  const labels = new Int32Array(rows).fill(-1);
  return {
    labels,
    maxResponsibilities: nan(rows),
    responsibilities: nan(rows * components),
    logDensities: nan(rows),
  };
}

type Points = RowWindow["points"];

/** Rows without a weight lack a number as others do. */
function withoutUnweighed({ points, weights }: RowWindow): Points {
  if (weights === null || weights.every(Number.isFinite)) return points;
  const features = points.length / weights.length;
  return points.map((value, i) => (Number.isFinite(weights[Math.floor(i / features)]) ? value : Number.NaN));
}

function transformedPoints(points: Points, transforms: readonly Transform[] | undefined): Points {
  if (transforms === undefined) return points;
  const d = transforms.length;
  return points.map((value, i) => transformed(value, transforms[i % d]));
}

/** Whether any row has a number in every column. */
function hasPoint(points: Points, features: number): boolean {
  for (let start = 0; start < points.length; start += features) {
    let column = 0;
    while (column < features && Number.isFinite(points[start + column])) column++;
    if (column === features) return true;
  }
  return false;
}

function addVolumes(logDensities: Float64Array, points: Points, { mixture, transforms }: OpenModel): void {
  if (transforms === undefined) return;
  const { features } = mixture;
  for (let row = 0; row < logDensities.length; row++) {
    logDensities[row] += logVolume(points.subarray(row * features, (row + 1) * features), transforms);
  }
}

function mostProbable(responsibilities: Float64Array, components: number) {
  const rows = responsibilities.length / components;
  const labels = new Int32Array(rows).fill(-1);
  const maxResponsibilities = new Float64Array(rows).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    const start = row * components;
    if (Number.isNaN(responsibilities[start])) continue;
    let best = 0;
    for (let c = 1; c < components; c++) {
      if (responsibilities[start + c] > responsibilities[start + best]) best = c;
    }
    labels[row] = best;
    maxResponsibilities[row] = responsibilities[start + best];
  }
  return { labels, maxResponsibilities };
}
