import { matrixOf, ofEach, packedOf } from "../../covariance/covariances.ts";
import type { ManyTriangles } from "../../covariance/estimates/many-triangles.ts";
import { matrixForm } from "../../covariance/forms.ts";
import type { Matrix } from "../../covariance/matrix.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import type { Mixture } from "../../mixture/mixture.ts";

// The parts of lower bounds: how a mixture lies relative to other means and covariances.

/** log det W_c. out: k */
export function logDeterminants(mixture: Mixture): Float64Array {
  const { features, covarianceType, factors } = mixture;
  const form = matrixForm(covarianceType);
  const diagonal = new Float64Array(features);
  return ofEach(mixture, (component) => {
    form.diagonal(packedOf(factors, mixture, component), features, diagonal);
    let sum = 0;
    for (let j = 0; j < features; j++) sum += logarithm(diagonal[j]);
    return sum;
  });
}

/** tr(W_c Σ W_cᵀ) with the factors of the mixture and another covariance. in: many, what computes them side by side. out: k */
export function spreads(mixture: Mixture, of: Matrix, many: ManyTriangles | null): Float64Array {
  if (many !== null) return many.spreads(of, mixture.factors);
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

/** ‖W_c (x_c − μ_c)‖² for a point of each component, or one for all, in two doubles. in: points, k × d or d. out: k */
export function squaredDistances(mixture: Mixture, points: Pick<Mixture, "means" | "meansResidual">): Float64Array {
  const { components, features, covarianceType, factors, means, meansResidual } = mixture;
  const form = matrixForm(covarianceType);
  const [offset, whitened] = [new Float64Array(features), new Float64Array(features)];
  const squares = new Float64Array(components);
  for (let component = 0, i = 0; component < components; component++) {
    for (let j = 0, at = i % points.means.length; j < features; j++, i++, at++) {
      offset[j] = points.means[at] - means[i] + (points.meansResidual[at] - meansResidual[i]);
    }
    form.multiply(packedOf(factors, mixture, component), offset, whitened);
    for (let j = 0; j < features; j++) squares[component] += whitened[j] * whitened[j];
  }
  return squares;
}
