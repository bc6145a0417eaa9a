import { copyMatrix, factorizeCovariances, type Shape } from "../covariance/covariances.ts";
import { scatterLength } from "../covariance/shape.ts";
import { type CovarianceType, covarianceRow } from "../covariance/types.ts";
import { collapsedComponent } from "../errors.ts";
import type { Posterior } from "./posterior.ts";

/**
 * The parameters of a mixture in the form that the mathematics uses. A mixture never changes. A mean is two doubles,
 * `means` + `meansResidual`. Covariances Σ and their factors W = L⁻¹ (Σ = L Lᵀ) are packed alike: lower triangles by
 * rows, or variances and 1/σ.
 */
export interface Mixture {
  /** k */
  readonly components: number;
  /** d */
  readonly features: number;
  /** the shape of the covariances */
  readonly covarianceType: CovarianceType;
  /** k, adding up to 1 */
  readonly weights: Float64Array;
  /** k × d */
  readonly means: Float64Array;
  /** k × d */
  readonly meansResidual: Float64Array;
  /** Σ, packed: full k · d(d + 1)/2, tied d(d + 1)/2, diag k · d, spherical k, tied-diag d, tied-spherical 1 */
  readonly packedCovariances: Float64Array;
  /** W, as long as the covariances */
  readonly factors: Float64Array;
  /** after a variational fit: densities then take expectations over it */
  readonly posterior?: Posterior;
}

/** Is it a mixture with arrays of the lengths that this shape asks for, with so many components at most? */
export function isShaped(
  mixture: Partial<Mixture> | null | undefined,
  { components: most, features, covarianceType }: Shape,
): boolean {
  const { components = 0, weights, means, meansResidual, packedCovariances, factors } = mixture ?? {};
  if (!(Number.isSafeInteger(components) && components > 0 && components <= most)) return false;
  if (mixture?.features !== features || mixture.covarianceType !== covarianceType) return false;
  const packed = scatterLength(components, features, covarianceType);
  const lengths: readonly (readonly [Float64Array | undefined, number])[] = [
    [weights, components],
    [means, components * features],
    [meansResidual, components * features],
    [packedCovariances, packed],
    [factors, packed],
  ];
  return lengths.every(([array, length]) => array instanceof Float64Array && array.length === length);
}

export type MixtureWithoutFactors = Omit<Mixture, "factors">;

/** Copies mean and covariance of a component to another one, which keeps its weight; not a covariance that all share. */
export function copyComponent(from: Mixture, component: number, to: Mixture, target: number = component): void {
  const { features } = from;
  const row = component * features;
  copyMatrix(from, component, to, target);
  to.means.set(from.means.subarray(row, row + features), target * features);
  to.meansResidual.set(from.meansResidual.subarray(row, row + features), target * features);
}

/** A copy with other weights, whose means and covariances may still be written. */
export function copyWith(mixture: Mixture, weights: Float64Array): Mixture {
  return {
    ...mixture,
    weights,
    means: mixture.means.slice(),
    meansResidual: mixture.meansResidual.slice(),
    packedCovariances: mixture.packedCovariances.slice(),
    factors: mixture.factors.slice(),
  };
}

/** The mixture without some components; the weights of the others stay as they are. */
export function withoutComponents(mixture: Mixture, dropped: ReadonlySet<number>): Mixture {
  const kept = [...mixture.weights.keys()].filter((component) => !dropped.has(component));
  const rows = (values: Float64Array): Float64Array => {
    const length = values.length / mixture.components;
    return Float64Array.from(
      kept.flatMap((component) => [...values.subarray(component * length, (component + 1) * length)]),
    );
  };
  const own = covarianceRow(mixture.covarianceType).shared ? (values: Float64Array) => values : rows;
  return {
    ...mixture,
    components: kept.length,
    weights: rows(mixture.weights),
    means: rows(mixture.means),
    meansResidual: rows(mixture.meansResidual),
    packedCovariances: own(mixture.packedCovariances),
    factors: own(mixture.factors),
  };
}

/** @throws COLLAPSED_COMPONENT if a covariance is not positive definite */
export function factorizeMixture(mixture: MixtureWithoutFactors): Mixture {
  const { components, features, packedCovariances, weights } = mixture;
  const factors = factorizeCovariances(packedCovariances, mixture);
  if (factors instanceof Float64Array) return { ...mixture, factors };
  const { collapsed, rank } = factors;
  throw collapsedComponent(collapsed, components, weights[collapsed], features, rank);
}
