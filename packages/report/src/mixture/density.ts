import type { Groups } from "./groups.ts";

/** Weighted density of one group in one feature; 0 where the group has no width. */
export function groupDensity(groups: Groups, group: number, feature: number): (x: number) => number {
  const mean = groups.mean(group, feature);
  const deviation = groups.deviation(group, feature);
  if (!(deviation > 0)) return () => 0;
  const height = groups.weights[group] / (deviation * Math.sqrt(2 * Math.PI));
  return (x) => height * Math.exp(-0.5 * ((x - mean) / deviation) ** 2);
}

/** Density of the whole mixture in one feature. */
export function marginalDensity(groups: Groups, feature: number): (x: number) => number {
  const densities = groups.weights.map((_, group) => groupDensity(groups, group, feature));
  return (x) => densities.reduce((total, density) => total + density(x), 0);
}

/** Density of the whole mixture in two features; a group that is flat there adds nothing. */
export function pairDensity(groups: Groups, a: number, b: number): (x: number, y: number) => number {
  const densities = groups.weights.map((_, group) => groupPairDensity(groups, group, a, b));
  return (x, y) => densities.reduce((total, density) => total + density(x, y), 0);
}

function groupPairDensity(groups: Groups, group: number, a: number, b: number): (x: number, y: number) => number {
  const [meanX, meanY] = [groups.mean(group, a), groups.mean(group, b)];
  const [deviationX, deviationY] = [groups.deviation(group, a), groups.deviation(group, b)];
  const correlation = groups.covariance(group, a, b) / (deviationX * deviationY);
  const rest = 1 - correlation * correlation;
  if (!(deviationX > 0 && deviationY > 0 && rest > 0)) return () => 0;
  const height = groups.weights[group] / (2 * Math.PI * deviationX * deviationY * Math.sqrt(rest));
  return (x, y) => {
    const u = (x - meanX) / deviationX;
    const v = (y - meanY) / deviationY;
    return height * Math.exp((-0.5 * (u * u - 2 * correlation * u * v + v * v)) / rest);
  };
}
