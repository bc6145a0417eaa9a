import type { CovarianceForm } from "./covariance.ts";
import { factorizeVariances, regularizeVariances } from "./variances.ts";

/** A variance for every component and feature: v_cj = S_cjj/N_c − δ_cj². */
export const diag: CovarianceForm = {
  parameterCount: (components, features) => components * features,

  estimate(slot, layout, shifts) {
    const { features, responsibilitySums, scatter } = layout;
    return shifts.map((shift, i) => {
      const mass = slot[responsibilitySums + Math.floor(i / features)];
      return slot[scatter + i] / mass - shift * shift;
    });
  },

  keep(covariances, from, component, features) {
    covariances.set(from.subarray(component * features, (component + 1) * features), component * features);
  },

  regularize: (covariances, _components, features, { floors, ridge }) =>
    floors[0] > 0 || ridge > 0 ? regularizeVariances(covariances, features, (i) => floors[i % features], ridge) : [],
  factorize: (covariances, _components, features) => factorizeVariances(covariances, features),
  logDeterminants: (factors, components, features) =>
    Float64Array.from({ length: components }, (_, component) => {
      let sum = 0;
      for (let j = 0; j < features; j++) sum += Math.log(factors[component * features + j]);
      return sum;
    }),
  expandCovariances: (covariances) => covariances.slice(),
  expandFactors: (factors) => factors.slice(),
  pack: (covariances) => covariances.slice(),
  isotropic: (variance, components, features) => new Float64Array(components * features).fill(variance),
  publicLength: (components, features) => components * features,

  scale(covariances, component, normals, out) {
    const row = component * normals.length;
    for (let j = 0; j < normals.length; j++) out[j] = Math.sqrt(covariances[row + j]) * normals[j];
  },

  whiten(factors, component, vector, out) {
    const row = component * vector.length;
    for (let j = 0; j < vector.length; j++) out[j] = factors[row + j] * vector[j];
  },
};
