import {
  type AllOutputs,
  type GaussianMixture,
  logVolume,
  type TopComponents,
  type Transform,
  transformNumber,
} from "@emix/core";
import type { RowWindow } from "./windows.ts";

/** What says something of rows. */
export interface RowModel {
  /** the mixture of the transformed columns */
  readonly mixture: GaussianMixture;
  readonly transforms?: readonly Transform[];
}

/** What a model says of rows, one entry for each; NaN (−1 as label) for a row that lacks a number. */
export interface Evaluation {
  /** index of the most probable component */
  readonly labels: Int32Array;
  /** the responsibility of that component */
  readonly maxResponsibilities: Float64Array;
  /** rows × top: the most probable components, −1 where there is none, and their responsibilities */
  readonly topComponents: Int32Array;
  readonly topResponsibilities: Float64Array;
  /** rows × k, if they are wanted */
  readonly responsibilities?: Float64Array;
  /** the entropy of the responsibilities */
  readonly entropies: Float64Array;
  /** the log density in the units of the columns, before the model's transforms */
  readonly logDensities: Float64Array;
}

/** What is wanted of a row besides its label and densities. */
export interface WantedOfRows {
  /** how many components */
  readonly top: number;
  /** the responsibilities of all */
  readonly proba: boolean;
  /** what becomes of a row that lacks a number */
  readonly missing: "drop" | "marginal";
}

/** What a mixture is asked about rows. */
interface AskedOfRows {
  readonly mixture: GaussianMixture;
  readonly missing: WantedOfRows["missing"];
  readonly logDensities: true;
  readonly entropies: true;
  readonly top: number;
  readonly probabilities: boolean;
}

/** Answers for rows, with the method `evaluate` of an engine. in: points, n × d */
export type AskRows = (
  points: { readonly data: Float64Array | Float32Array; readonly features: number },
  asked: AskedOfRows,
) => Promise<Partial<AllOutputs>>;

/** Evaluates rows a window at a time. */
export function evaluator(
  ask: AskRows,
  { mixture, transforms }: RowModel,
  { top, proba, missing }: WantedOfRows = { top: 1, proba: false, missing: "drop" },
) {
  const { features } = mixture;
  const asked: AskedOfRows = { mixture, missing, logDensities: true, entropies: true, top, probabilities: proba };
  return async (window: RowWindow): Promise<Evaluation> => {
    const data = transformedPoints(withoutUnweighed(window), transforms);
    if (missing === "drop" && !hasPoint(data, features)) return noEvaluation(window.rowCount, top);
    const found = (await ask({ data, features }, asked)) as Partial<AllOutputs> & Found;
    const { logDensities, entropies, probabilities, top: most } = found;
    addVolumes(logDensities, data, { mixture, ...(transforms && { transforms }) });
    return {
      labels: most.components.filter((_, at) => at % top === 0),
      maxResponsibilities: most.probabilities.filter((_, at) => at % top === 0),
      ...{ topComponents: most.components, topResponsibilities: most.probabilities },
      ...{ entropies, logDensities, ...(probabilities && { responsibilities: probabilities }) },
    };
  };
}

type Found = Pick<AllOutputs, "logDensities" | "entropies"> & { readonly top: TopComponents };

function noEvaluation(rows: number, top: number): Evaluation {
  const nan = (length: number) => new Float64Array(length).fill(Number.NaN);
  return {
    labels: new Int32Array(rows).fill(-1),
    maxResponsibilities: nan(rows),
    topComponents: new Int32Array(rows * top).fill(-1),
    topResponsibilities: nan(rows * top),
    entropies: nan(rows),
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
  return points.map((value, i) => transformNumber(value, transforms[i % d]));
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

function addVolumes(logDensities: Float64Array, points: Points, { mixture, transforms }: RowModel): void {
  if (transforms === undefined) return;
  const { features } = mixture;
  for (let row = 0; row < logDensities.length; row++) {
    const numbers = points.subarray(row * features, (row + 1) * features);
    const isThere = (_: unknown, j: number) => Number.isFinite(numbers[j]);
    logDensities[row] += logVolume(numbers.filter(isThere), transforms.filter(isThere));
  }
}
