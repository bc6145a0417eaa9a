import { covarianceForm } from "../covariance/covariance.ts";
import type { CovarianceType } from "../covariance/types.ts";
import { collapsedComponent } from "../errors.ts";
import type { Posterior } from "./posterior.ts";

/**
 * The parameters of a mixture as the mathematics uses them; never changed once made. A mean is two doubles,
 * `means` + `meansResidual`; covariances and factors W = L⁻¹ are packed (covariance/covariance.ts).
 */
export interface Mixture {
  /** k */
  readonly components: number;
  /** d */
  readonly features: number;
  readonly covarianceType: CovarianceType;
  /** k, sum 1 */
  readonly weights: Float64Array;
  /** k × d */
  readonly means: Float64Array;
  /** k × d */
  readonly meansResidual: Float64Array;
  readonly packedCovariances: Float64Array;
  readonly factors: Float64Array;
  /** of a variational fit: densities then take expectations over it */
  readonly posterior?: Posterior;
}

export type MixtureWithoutFactors = Omit<Mixture, "factors">;

/** @throws COLLAPSED_COMPONENT when a covariance is not positive definite */
export function factorized(mixture: MixtureWithoutFactors, masses?: Float64Array): Mixture {
  const { components, features, covarianceType, packedCovariances, weights } = mixture;
  const factors = covarianceForm(covarianceType).factorize(packedCovariances, components, features);
  if (factors instanceof Float64Array) return { ...mixture, factors };
  const mass = (masses ?? weights)[factors.collapsed];
  throw collapsedComponent(factors.collapsed, components, mass, features, factors.rank);
}
