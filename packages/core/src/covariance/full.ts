import { cholesky, multiplyTriangle } from "../linear-algebra/cholesky.ts";
import { triangleLength } from "../linear-algebra/triangle.ts";
import type { CovarianceForm } from "./covariance.ts";
import {
  expandSymmetric,
  expandTransposed,
  factorizeMatrices,
  isotropicMatrices,
  logDeterminantOf,
  packMatrices,
  regularizeMatrices,
} from "./matrices.ts";

/** A covariance matrix for every component: Σ_c = S_c/N_c − δ_c δ_cᵀ. */
export const full: CovarianceForm = {
  parameterCount: (components, features) => components * triangleLength(features),

  estimate(slot, layout, shifts) {
    const { components, features, responsibilitySums, scatter } = layout;
    const covariances = slot.slice(scatter, layout.length);
    let index = 0;
    for (let component = 0; component < components; component++) {
      const mass = slot[responsibilitySums + component];
      const shift = component * features;
      for (let i = 0; i < features; i++) {
        for (let j = 0; j <= i; j++, index++) {
          covariances[index] = covariances[index] / mass - shifts[shift + i] * shifts[shift + j];
        }
      }
    }
    return covariances;
  },

  keep(covariances, from, component, features) {
    const length = triangleLength(features);
    covariances.set(from.subarray(component * length, (component + 1) * length), component * length);
  },

  regularize: regularizeMatrices,
  factorize: factorizeMatrices,
  logDeterminants: (factors, components, features) =>
    Float64Array.from({ length: components }, (_, component) => logDeterminantOf(factors, component, features)),
  expandCovariances: expandSymmetric,
  expandFactors: expandTransposed,
  pack: packMatrices,
  isotropic: isotropicMatrices,
  publicLength: (components, features) => components * features * features,

  scale(covariances, component, normals, out) {
    const features = normals.length;
    const factor = cholesky(covariances, features, component * triangleLength(features));
    if (factor !== null) multiplyTriangle(factor, 0, normals, out);
  },

  whiten: (factors, component, vector, out) =>
    multiplyTriangle(factors, component * triangleLength(vector.length), vector, out),
};
