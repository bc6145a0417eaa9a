import type { CovarianceForm } from "./covariance.ts";
import { factorizeVariances, regularizeVariances } from "./variances.ts";

/** One variance for every component: σ²_c = (tr S_c/N_c − |δ_c|²)/d. */
export const spherical: CovarianceForm = {
  parameterCount: (components) => components,

  estimate(slot, layout, shifts) {
    const { components, features, responsibilitySums, scatter } = layout;
    return Float64Array.from({ length: components }, (_, component) => {
      let squared = 0;
      for (let j = 0; j < features; j++) squared += shifts[component * features + j] ** 2;
      return (slot[scatter + component] / slot[responsibilitySums + component] - squared) / features;
    });
  },

  keep(covariances, from, component) {
    covariances[component] = from[component];
  },

  regularize(covariances, _components, _features, { floors, ridge }) {
    const floor = floors.reduce((most, value) => Math.max(most, value), 0);
    return floor > 0 || ridge > 0 ? regularizeVariances(covariances, 1, () => floor, ridge) : [];
  },
  factorize: (covariances) => factorizeVariances(covariances, 1),
  logDeterminants: (factors, _components, features) => factors.map((factor) => features * Math.log(factor)),
  expandCovariances: (covariances) => covariances.slice(),
  expandFactors: (factors) => factors.slice(),
  pack: (covariances) => covariances.slice(),
  isotropic: (variance, components) => new Float64Array(components).fill(variance),
  publicLength: (components) => components,

  scale(covariances, component, normals, out) {
    const deviation = Math.sqrt(covariances[component]);
    for (let j = 0; j < normals.length; j++) out[j] = deviation * normals[j];
  },

  whiten(factors, component, vector, out) {
    for (let j = 0; j < vector.length; j++) out[j] = factors[component] * vector[j];
  },
};
