import type { ReportMixture } from "../report-data.ts";

/** The groups of a mixture, as its report asks for them. */
export interface Groups {
  readonly count: number;
  readonly features: number;
  readonly weights: readonly number[];
  /** Numbers of the groups, heaviest first. */
  readonly heaviest: readonly number[];
  mean(group: number, feature: number): number;
  deviation(group: number, feature: number): number;
  covariance(group: number, a: number, b: number): number;
}

export function groupsOf({ weights, means, covariances }: ReportMixture): Groups {
  const count = weights.length;
  const features = means.length / count;
  const covariance = (group: number, a: number, b: number) => covariances[(group * features + a) * features + b];
  return {
    count,
    features,
    weights: Array.from(weights),
    heaviest: Array.from(weights, (_, group) => group).sort((a, b) => weights[b] - weights[a]),
    mean: (group, feature) => means[group * features + feature],
    deviation: (group, feature) => Math.sqrt(covariance(group, feature, feature)),
    covariance,
  };
}
