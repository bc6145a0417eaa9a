import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import type { CovarianceForm } from "./covariance.ts";
import { full } from "./full.ts";
import {
  expandSymmetric,
  expandTransposed,
  factorizeMatrices,
  isotropicMatrices,
  logDeterminantOf,
  packMatrices,
  regularizeMatrices,
} from "./matrices.ts";

/** One covariance matrix for all: Σ = (S − Σ_c N_c δ_c δ_cᵀ)/Σ_c N_c, S summed over components about their own pivots. */
export const tied: CovarianceForm = {
  parameterCount: (_components, features) => triangleLength(features),

  estimate(slot, layout, shifts) {
    const { components, features, responsibilitySums, scatter } = layout;
    const covariance = slot.slice(scatter, layout.length);
    let total = 0;
    for (let component = 0; component < components; component++) {
      const mass = slot[responsibilitySums + component];
      if (mass === 0) continue;
      total += mass;
      subtractOuter(covariance, mass, shifts.subarray(component * features, (component + 1) * features));
    }
    return covariance.map((sum) => sum / total);
  },

  keep() {},

  regularize: (covariances, _components, features, rule) => regularizeMatrices(covariances, 1, features, rule),
  factorize: (covariances, _components, features) => factorizeMatrices(covariances, 1, features),
  logDeterminants: (factors, components, features) =>
    new Float64Array(components).fill(logDeterminantOf(factors, 0, features)),
  expandCovariances: (covariances, _components, features) => expandSymmetric(covariances, 1, features),
  expandFactors: (factors, _components, features) => expandTransposed(factors, 1, features),
  pack: (covariances, _components, features) => packMatrices(covariances, 1, features),
  isotropic: (variance, _components, features) => isotropicMatrices(variance, 1, features),
  publicLength: (_components, features) => features * features,
  scale: (covariances, _component, normals, out) => full.scale(covariances, 0, normals, out),
  whiten: (factors, _component, vector, out) => full.whiten(factors, 0, vector, out),
};

function subtractOuter(packed: Float64Array, mass: number, shift: Float64Array): void {
  for (let i = 0; i < shift.length; i++) {
    for (let j = 0; j <= i; j++) packed[triangleRow(i) + j] -= mass * shift[i] * shift[j];
  }
}
