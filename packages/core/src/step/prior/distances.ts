import { matrixOf, ofEach, packedOf } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import type { Matrix } from "../../covariance/matrix.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import type { Mixture } from "../../mixture/mixture.ts";

// The parts of lower bounds: how a mixture lies relative to other means and covariances.

/** log det W_c. out: k */
export function logDeterminants(mixture: Mixture): Float64Array {
  const form = matrixForm(mixture.covarianceType);
  return ofEach(mixture, (component) =>
    form
      .diagonal(packedOf(mixture.factors, mixture, component), mixture.features)
      .reduce((sum, w) => sum + logarithm(w), 0),
  );
}

/** tr(W_c Σ W_cᵀ) with the factors of the mixture and another covariance. out: k */
export function spreads(mixture: Mixture, of: Matrix): Float64Array {
  const spread = matrixForm(mixture.covarianceType).spread(of, mixture.features);
  return ofEach(mixture, (component) => spread(packedOf(mixture.factors, mixture, component)));
}

/** The same with a covariance for each component, packed like those of the mixture. */
export function spreadsOf(mixture: Mixture, of: Pick<Mixture, "packedCovariances" | "factors">): Float64Array {
  const form = matrixForm(mixture.covarianceType);
  return ofEach(mixture, (component) =>
    form.spread(matrixOf(of, mixture, component), mixture.features)(packedOf(mixture.factors, mixture, component)),
  );
}

/** ‖W_c (x_c − μ_c)‖² for a point of each component, in two doubles. out: k */
export function squaredDistances(
  mixture: Mixture,
  at: (index: number) => { readonly mean: number; readonly residual: number },
): Float64Array {
  const { components, features, covarianceType, factors, means, meansResidual } = mixture;
  const form = matrixForm(covarianceType);
  const whitened = new Float64Array(features);
  return Float64Array.from({ length: components }, (_, component) => {
    const offset = Float64Array.from({ length: features }, (_, j) => {
      const i = component * features + j;
      const { mean, residual } = at(i);
      return mean - means[i] + (residual - meansResidual[i]);
    });
    form.multiply(packedOf(factors, mixture, component), offset, whitened);
    return whitened.reduce((sum, value) => sum + value * value, 0);
  });
}
