import { invalidOption } from "../errors.ts";

/**
 * Which points are less likely than most. in: log densities, n; fraction, the share of the points that are outliers;
 * threshold, the log density below which a point is one, whatever the share. out: n, 1 for an outlier, else 0
 */
export function outliersAmong(logDensities: Float64Array, fraction: number, threshold?: number): Uint8Array {
  if (!(fraction >= 0 && fraction <= 1)) throw invalidOption("fraction", "a number from 0 to 1", fraction);
  if (threshold !== undefined && (typeof threshold !== "number" || Number.isNaN(threshold))) {
    throw invalidOption("threshold", "a log density", threshold);
  }
  const least = threshold ?? quantile(logDensities, fraction);
  return Uint8Array.from(logDensities, (logDensity) => Number(logDensity < least));
}

/** The log density below which ⌊n · fraction⌋ points lie, except for ties. */
function quantile(logDensities: Float64Array, fraction: number): number {
  const below = Math.floor(logDensities.length * fraction * (1 + 1e-12));
  return logDensities.toSorted()[below] ?? Number.POSITIVE_INFINITY;
}
