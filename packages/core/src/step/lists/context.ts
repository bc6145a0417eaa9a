import { diagonalsOf } from "../../covariance/covariances.ts";
import { logDensityUnit } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { inflationsIn } from "../../statistics/frames.ts";

/** What lists need of a mixture besides the parameters of a pass. */
export interface ListContext {
  readonly components: number;
  readonly features: number;
  /** k × d */
  readonly means: Float64Array;
  /** variance inflations, k */
  readonly inflations: Float64Array;
  /** what kernels leave out of every log density */
  readonly unit: number;
  /** d: one over the deviation of a component on average */
  readonly scales: () => Float64Array;
}

export function contextOf(mixture: Mixture): ListContext {
  const { components, features, means } = mixture;
  return {
    ...{ components, features, means, inflations: inflationsIn(mixture) },
    ...{ unit: logDensityUnit(mixture), scales: () => scalesOf(mixture) },
  };
}

function scalesOf(mixture: Mixture): Float64Array {
  const { components, features } = mixture;
  const variances = new Float64Array(features);
  diagonalsOf(mixture.packedCovariances, mixture).forEach((variance, i) => {
    variances[i % features] += variance / components;
  });
  return variances.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 1));
}
