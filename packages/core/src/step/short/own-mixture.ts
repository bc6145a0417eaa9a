import { packedOf, type Shape } from "../../covariance/covariances.ts";
import type { Matrix } from "../../covariance/matrix.ts";
import { scatterLength } from "../../covariance/shape.ts";
import { copyOf, zeros } from "../../linear-algebra/doubles.ts";
import type { Mixture } from "../../mixture/mixture.ts";

/** A mixture in memory of a run of EM, which writes it over. Nobody else may keep it. */
export interface OwnMixture extends Mixture {
  /** k: views of its covariances */
  readonly matrices: readonly Matrix[];
}

export function ownMixture({ components, features, covarianceType }: Shape): OwnMixture {
  const shape = { components, features, covarianceType };
  const length = scatterLength(components, features, covarianceType);
  const [packedCovariances, factors] = [zeros(length), zeros(length)];
  return {
    ...shape,
    weights: zeros(components),
    means: zeros(components * features),
    meansResidual: zeros(components * features),
    packedCovariances,
    factors,
    matrices: Array.from({ length: components }, (_, c) => ({
      covariance: packedOf(packedCovariances, shape, c),
      factor: packedOf(factors, shape, c),
    })),
  };
}

/** Takes the numbers of a mixture. */
export function takeOver(
  own: OwnMixture,
  { weights, means, meansResidual, packedCovariances, factors }: Mixture,
): void {
  own.weights.set(weights);
  own.means.set(means);
  own.meansResidual.set(meansResidual);
  own.packedCovariances.set(packedCovariances);
  own.factors.set(factors);
}

/** The mixture as it is now, for others to keep. */
export function keptOf({ components, features, covarianceType, ...own }: OwnMixture): Mixture {
  return {
    ...{ components, features, covarianceType },
    weights: copyOf(own.weights),
    means: copyOf(own.means),
    meansResidual: copyOf(own.meansResidual),
    packedCovariances: copyOf(own.packedCovariances),
    factors: copyOf(own.factors),
  };
}
