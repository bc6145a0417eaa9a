import type { Groups } from "./groups.ts";

/** Variance between the means of the groups over variance within them, of one feature; 0 where nothing varies. */
export function separation(groups: Groups, feature: number): number {
  const { weights } = groups;
  const sum = (term: (group: number) => number) => weights.reduce((total, weight, c) => total + weight * term(c), 0);
  const centre = sum((c) => groups.mean(c, feature)) / sum(() => 1);
  const between = sum((c) => (groups.mean(c, feature) - centre) ** 2);
  const within = sum((c) => groups.covariance(c, feature, feature));
  return between === 0 ? 0 : between / within;
}

/** Features, those in which the groups differ most first; in the order of the columns where they differ alike. */
export function featuresBySeparation(groups: Groups): number[] {
  const ratios = Array.from({ length: groups.features }, (_, feature) => separation(groups, feature));
  return [...ratios.keys()].sort((a, b) => (ratios[a] === ratios[b] ? a - b : ratios[b] - ratios[a]));
}
