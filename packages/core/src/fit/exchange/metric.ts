import { diagonalsOf } from "../../covariance/covariances.ts";
import { multiplyTriangle } from "../../linear-algebra/cholesky.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import type { ChangePoint } from "../../points/gather.ts";

/** How distances are measured: in standard deviations of each feature, or in the metric of the covariance. */
export type Metric = "standardized" | "whitened";

/**
 * Changes points so that their distance is that of a metric. Powers of two in the features change no bit of them.
 * in: one Gaussian, "full", of all points
 */
export function inMetric(metric: Metric, gaussian: Mixture): ChangePoint {
  const { means, factors } = gaussian;
  if (metric === "whitened") {
    return (point) => {
      for (let j = 0; j < point.length; j++) point[j] -= means[j];
      multiplyTriangle(factors, 0, point, point);
    };
  }
  const scales = scalesOf(gaussian);
  return (point) => {
    for (let j = 0; j < point.length; j++) point[j] = (point[j] - means[j]) * scales[j];
  };
}

/** 1/σ of each feature. in: one Gaussian. out: d */
export function scalesOf(gaussian: Mixture): Float64Array {
  return inverseDeviations(diagonalsOf(gaussian.packedCovariances, gaussian));
}

/** 1/σ of each feature, 0 where there is no spread. in: variances, d */
export function inverseDeviations(variances: Float64Array): Float64Array {
  return variances.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 0));
}
