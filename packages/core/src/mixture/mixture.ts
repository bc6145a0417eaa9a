import { type Covariances, factorizeCovariances, type Shape } from "../covariance/covariances.ts";
import { collapsedComponent } from "../errors.ts";
import type { Posterior } from "./posterior.ts";

/**
 * The parameters of a mixture as the mathematics uses them; never changed once made. A mean is two doubles,
 * `means` + `meansResidual`.
 */
export interface Mixture extends Shape, Covariances {
  /** k, sum 1 */
  readonly weights: Float64Array;
  /** k × d */
  readonly means: Float64Array;
  /** k × d */
  readonly meansResidual: Float64Array;
  /** of a variational fit: densities then take expectations over it */
  readonly posterior?: Posterior;
}

export type MixtureWithoutFactors = Omit<Mixture, "factors">;

/** @throws COLLAPSED_COMPONENT when a covariance is not positive definite */
export function factorized(mixture: MixtureWithoutFactors): Mixture {
  const { components, features, packedCovariances, weights } = mixture;
  const factors = factorizeCovariances(packedCovariances, mixture);
  if (factors instanceof Float64Array) return { ...mixture, factors };
  const { collapsed, rank } = factors;
  throw collapsedComponent(collapsed, components, weights[collapsed], features, rank);
}
