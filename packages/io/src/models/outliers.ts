import type { TailQuantiles } from "./model.ts";

/** 0, 1e-6, 2e-6, 5e-6, 1e-5, … 5e-3, then every hundredth to 1. */
export const TAIL_PROBABILITIES: readonly number[] = [
  0,
  ...["1e-6", "2e-6", "5e-6", "1e-5", "2e-5", "5e-5", "1e-4", "2e-4", "5e-4", "1e-3", "2e-3", "5e-3"].map(Number),
  ...Array.from({ length: 100 }, (_, i) => (i + 1) / 100),
];

/** A share is met when all but this part of it is there: sums of weights are rounded. */
const ROUNDING = 1e-12;

/**
 * Each quantile is the log density of a point: the lowest at or below which at least that share of the weight lies.
 * in: log densities, n, NaN for a row that was left out; weights, n; null: all 1
 */
export function tailQuantiles(logDensities: Float64Array, pointWeights: ArrayLike<number> | null): TailQuantiles {
  const { values, weights } = rising(logDensities, pointWeights);
  const total = weights === null ? values.length : weights.reduce((sum, weight) => sum + weight, 0);
  let at = 0;
  let reached = weights === null ? 1 : weights[0];
  const quantiles = TAIL_PROBABILITIES.map((probability) => {
    while (reached < probability * total * (1 - ROUNDING) && at < values.length - 1) {
      at++;
      reached += weights === null ? 1 : weights[at];
    }
    return values[at];
  });
  return { probabilities: TAIL_PROBABILITIES, logDensities: quantiles };
}

/** The log densities that weigh something, rising, with their weights. */
function rising(
  logDensities: Float64Array,
  pointWeights: ArrayLike<number> | null,
): { readonly values: Float64Array; readonly weights: Float64Array | null } {
  if (pointWeights === null)
    return { values: logDensities.filter((value) => !Number.isNaN(value)).sort(), weights: null };
  const counted = Uint32Array.from(logDensities.keys()).filter(
    (row) => !Number.isNaN(logDensities[row]) && pointWeights[row] > 0,
  );
  counted.sort((a, b) => logDensities[a] - logDensities[b]);
  return {
    values: Float64Array.from(counted, (row) => logDensities[row]),
    weights: Float64Array.from(counted, (row) => pointWeights[row]),
  };
}

/** The log density below which a point is an outlier, so that this share of the training points is. in: fraction, 0 to 1 */
export function outlierThreshold({ probabilities, logDensities }: TailQuantiles, fraction: number): number {
  const above = probabilities.findIndex((probability) => probability >= fraction);
  if (above < 0) return logDensities[logDensities.length - 1];
  return above === 0 ? logDensities[0] : between(probabilities, logDensities, above, fraction);
}

/** The share of the training points that were as unlikely as this one; 0 for a point less likely than all of them. */
export function tailProbability({ probabilities, logDensities }: TailQuantiles, logDensity: number): number {
  if (Number.isNaN(logDensity)) return Number.NaN;
  const above = logDensities.findIndex((value) => value > logDensity);
  if (above < 0) return 1;
  return above === 0 ? 0 : between(logDensities, probabilities, above, logDensity);
}

/** On the line from (x, y)[end − 1] to (x, y)[end]. */
function between(x: readonly number[], y: readonly number[], end: number, at: number): number {
  const share = (at - x[end - 1]) / (x[end] - x[end - 1]);
  return share >= 1 ? y[end] : y[end - 1] + share * (y[end] - y[end - 1]);
}
