import type { TailQuantiles } from "./model.ts";

/** 0, 1e-6, 2e-6, 5e-6, 1e-5, … 5e-3, then every hundredth to 1. */
const TAIL_PROBABILITIES: readonly number[] = [
  0,
  ...["1e-6", "2e-6", "5e-6", "1e-5", "2e-5", "5e-5", "1e-4", "2e-4", "5e-4", "1e-3", "2e-3", "5e-3"].map(Number),
  ...Array.from({ length: 100 }, (_, i) => (i + 1) / 100),
];

/** How far a share may be exceeded: sums of weights are rounded. */
const ROUNDING = 1e-12;

/**
 * Each quantile lies halfway between the least likely points, up to the given share of the weight, and those next to
 * them, so that no rounding moves a point across it; the first is the least log density, the last the greatest.
 * in: log densities, n, NaN for a row that was left out; weights, n; null: all 1
 */
export function tailQuantiles(logDensities: Float64Array, pointWeights: ArrayLike<number> | null): TailQuantiles {
  const weightOf = (row: number) => (Number.isNaN(logDensities[row]) ? 0 : (pointWeights?.[row] ?? 1));
  const { values, counts } = distinct(logDensities.filter((_, row) => weightOf(row) > 0).sort());
  const reached = pointWeights === null ? counts : counts.fill(0);
  for (let row = 0; pointWeights !== null && row < logDensities.length; row++) {
    if (weightOf(row) > 0) reached[placeOf(values, logDensities[row])] += weightOf(row);
  }
  for (let i = 1; i < reached.length; i++) reached[i] += reached[i - 1];
  return { probabilities: TAIL_PROBABILITIES, logDensities: quantilesOf(values, reached) };
}

/** in: values, rising; the weight of all points up to each */
function quantilesOf(values: Float64Array, reached: Float64Array): number[] {
  const last = values.length - 1;
  let below = 0;
  return TAIL_PROBABILITIES.map((probability) => {
    const most = probability * reached[last] * (1 + ROUNDING);
    while (below < last && reached[below] <= most) below++;
    return probability === 1 ? values[last] : (values[Math.max(below - 1, 0)] + values[below]) / 2;
  });
}

/** in: values, rising. out: each once, and how often it was there */
function distinct(all: Float64Array): { readonly values: Float64Array; readonly counts: Float64Array } {
  const values = new Float64Array(all.length);
  const counts = new Float64Array(all.length);
  let last = -1;
  for (const value of all) {
    if (last < 0 || value !== values[last]) values[++last] = value;
    counts[last]++;
  }
  return { values: values.subarray(0, last + 1), counts: counts.subarray(0, last + 1) };
}

/** in: values, rising; one of them */
function placeOf(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The log density below which a point is an outlier, so that this share of the training points was. in: fraction, 0 to 1 */
export function outlierThreshold({ probabilities, logDensities }: TailQuantiles, fraction: number): number {
  const above = probabilities.findIndex((probability) => probability >= fraction);
  if (above < 0) return logDensities[logDensities.length - 1];
  return above === 0 ? logDensities[0] : interpolate(probabilities, logDensities, above, fraction);
}

/** The share of the training points that were less likely than this one; 0 for a point less likely than all of them. */
export function tailProbability({ probabilities, logDensities }: TailQuantiles, logDensity: number): number {
  if (Number.isNaN(logDensity)) return Number.NaN;
  const above = logDensities.findIndex((value) => value > logDensity);
  if (above < 0) return 1;
  return above === 0 ? 0 : interpolate(logDensities, probabilities, above, logDensity);
}

/** On the line from (x, y)[end − 1] to (x, y)[end]. */
function interpolate(x: readonly number[], y: readonly number[], end: number, at: number): number {
  const share = (at - x[end - 1]) / (x[end] - x[end - 1]);
  return share >= 1 ? y[end] : y[end - 1] + share * (y[end] - y[end - 1]);
}
