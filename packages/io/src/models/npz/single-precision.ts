import { type CovarianceType, covarianceRow, GaussianMixture } from "@emix/core";
import { badArray } from "../errors.ts";

/** What scikit-learn makes of points in single precision. */
interface SinglePrecision {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
  readonly covarianceType: CovarianceType;
  readonly features: number;
}

/** Parameters in single precision, whose weights sum to 1 and whose covariances are symmetric up to its rounding. */
export function fromSinglePrecision({
  weights,
  means,
  covariances,
  covarianceType,
  features,
}: SinglePrecision): GaussianMixture {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(Math.abs(sum - 1) < 1e-4)) throw badArray("weights_", `expected a sum of 1, got ${sum}`);
  return GaussianMixture.fromParameters({
    weights: weights.map((weight) => weight / sum),
    means,
    covariances: mirror(covariances, covarianceType, features),
    covarianceType,
  });
}

/** The lower triangle of every matrix, and its mirror image. */
function mirror(covariances: Float64Array, type: CovarianceType, features: number): Float64Array {
  if (covarianceRow(type).matrix !== "triangle") return covariances;
  return covariances.map((value, index) => {
    const inMatrix = index % features ** 2;
    const [row, column] = [Math.floor(inMatrix / features), inMatrix % features];
    return column > row ? covariances[index - inMatrix + column * features + row] : value;
  });
}
