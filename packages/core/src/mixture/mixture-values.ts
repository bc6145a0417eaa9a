import { diagonalsOf } from "../covariance/covariances.ts";
import { expandCovariances, expandFactors } from "../covariance/public-shapes.ts";
import type { CovarianceType } from "../covariance/types.ts";
import { logarithm } from "../elementary/logarithm.ts";
import type { Mixture } from "./mixture.ts";
import type { Posterior } from "./posterior.ts";
import { parameterCount } from "./selection.ts";

/** What a mixture consists of, in the shapes that users know. Arrays are copies, flat and row-major. */
export class MixtureValues {
  /** The parameters in the form that the mathematics uses: plain data that can cross threads. */
  readonly parameters: Mixture;

  constructor(parameters: Mixture) {
    this.parameters = parameters;
  }

  /** k */
  get components(): number {
    return this.parameters.components;
  }

  /** d */
  get features(): number {
    return this.parameters.features;
  }

  /** The shape of the covariances. */
  get covarianceType(): CovarianceType {
    return this.parameters.covarianceType;
  }

  /** k, sum 1 */
  get weights(): Float64Array {
    return this.parameters.weights.slice();
  }

  /** k, natural logarithms */
  get logWeights(): Float64Array {
    return this.parameters.weights.map(logarithm);
  }

  /** k × d */
  get means(): Float64Array {
    return this.parameters.means.slice();
  }

  /** k × d: the rounding errors of `means`; a mean is `means` + `meansResidual` */
  get meansResidual(): Float64Array {
    return this.parameters.meansResidual.slice();
  }

  /** full k × d × d, tied d × d, diag k × d, spherical k, tied-diag d, tied-spherical 1 */
  get covariances(): Float64Array {
    return expandCovariances(this.parameters, this.parameters);
  }

  /** k × d: the variance of each feature in each component, whatever the covariance type */
  get variances(): Float64Array {
    return diagonalsOf(this.parameters.packedCovariances, this.parameters).slice();
  }

  /** Upper triangular U with U Uᵀ = Σ⁻¹ (diagonal and spherical types: 1/σ), shaped like the covariances. */
  get precisionsCholesky(): Float64Array {
    return expandFactors(this.parameters, this.parameters);
  }

  /** The distribution over parameters that a variational fit found, centred on this mixture; otherwise undefined. */
  get posterior(): Posterior | undefined {
    const { posterior } = this.parameters;
    return (
      posterior && {
        weightConcentrationType: posterior.weightConcentrationType,
        weightConcentration: posterior.weightConcentration.slice(),
        meanPrecision: posterior.meanPrecision.slice(),
        degreesOfFreedom: posterior.degreesOfFreedom.slice(),
      }
    );
  }

  /** Number of free parameters. */
  get parameterCount(): number {
    return parameterCount(this.parameters);
  }
}
