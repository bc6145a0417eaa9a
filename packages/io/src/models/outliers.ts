import type { TailQuantiles } from "./model.ts";

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
