import { covarianceRow, type GaussianMixture, logarithm, type Transform } from "@emix/core";
import { nameOf } from "../input.ts";

// People see the columns in their own units; of a column whose logarithm was fitted they see the logarithm, for only
// there its groups are normal distributions.

const PLAIN: Transform = { log: false, centre: 0, scale: 1 };

/** A mixture in the units that are shown. */
export interface ShownMixture {
  readonly covarianceType: string;
  /** k */
  readonly weights: Float64Array;
  /** k × d */
  readonly means: Float64Array;
  /** k × d × d, of every type and shared ones too */
  readonly covariances: Float64Array;
}

export function shownMixture(mixture: GaussianMixture, transforms?: readonly Transform[]): ShownMixture {
  const { components, features, means, meansResidual, weights, covarianceType } = mixture;
  const how = (j: number) => transforms?.[j] ?? PLAIN;
  const covariance = covarianceAt(mixture);
  const square = features * features;
  return {
    covarianceType,
    weights,
    means: means.map((mean, i) => {
      const { centre, scale } = how(i % features);
      return mean * scale + centre + meansResidual[i] * scale;
    }),
    covariances: Float64Array.from({ length: components * square }, (_, at) => {
      const [i, j] = [Math.floor((at % square) / features), at % features];
      return covariance(Math.floor(at / square), i, j) * how(i).scale * how(j).scale;
    }),
  };
}

/** A value as it is shown. */
export function shownValue(value: number, transform: Transform = PLAIN): number {
  return transform.log ? logarithm(value) : value;
}

/** Names of the columns as they are shown. */
export function shownNames(columns: readonly string[], transforms?: readonly Transform[]): string[] {
  return columns.map((column, j) => (transforms?.[j].log ? `ln ${nameOf(column)}` : nameOf(column)));
}

function covarianceAt({ covarianceType, covariances, features: d }: GaussianMixture) {
  const { matrix, shared } = covarianceRow(covarianceType);
  const owner = (component: number) => (shared ? 0 : component);
  return (component: number, i: number, j: number): number => {
    if (matrix === "triangle") return covariances[owner(component) * d * d + i * d + j];
    if (i !== j) return 0;
    return matrix === "diagonal" ? covariances[owner(component) * d + i] : covariances[owner(component)];
  };
}
