import { compensatedSums, rounded } from "../linear-algebra/compensated-sum.ts";
import type { CovarianceForm } from "./covariance.ts";
import { subtractProduct } from "./shift.ts";
import {
  blendVariances,
  estimatedVariances,
  factorizeVariances,
  regularizeVariances,
  rescaleVariances,
  shrinkagesOfVariances,
  spreadsOfVariances,
} from "./variances.ts";

/** One variance for every component: σ²_c = (tr S_c/N_c − |δ_c|²)/d. */
export const spherical: CovarianceForm = {
  parameterCount: (components) => components,

  estimate({ slot, layout, shifts, shiftRests, least }) {
    const { components, features, responsibilitySums, scatter } = layout;
    const moved = compensatedSums(components, slot.slice(scatter));
    for (let i = 0; i < shifts.length; i++) {
      const component = Math.floor(i / features);
      subtractProduct(moved, component, slot[responsibilitySums + component], shifts, shiftRests, i, i);
    }
    const variances = rounded(moved).map((sum, component) => sum / (features * slot[responsibilitySums + component]));
    return estimatedVariances(variances, components, (component) => least[component * features]);
  },

  blend: blendVariances,
  spreads: spreadsOfVariances,

  keep(to, from, component) {
    to.packedCovariances[component] = from.packedCovariances[component];
    to.factors[component] = from.factors[component];
  },

  copy(covariances, from, to) {
    covariances.packedCovariances[to] = covariances.packedCovariances[from];
    covariances.factors[to] = covariances.factors[from];
  },

  regularize(covariances, _components, _features, { floors, ridges }) {
    const floor = floors.reduce((most, value) => Math.max(most, value), 0);
    return regularizeVariances(
      covariances,
      1,
      () => floor,
      () => ridges[0],
    );
  },
  factorize: (covariances) => factorizeVariances(covariances, 1),
  inflations: (_covariances, components) => new Float64Array(components).fill(1),

  moves(shifts, masses, variances) {
    const features = shifts.length / masses.length;
    const moves = new Float64Array(masses.length);
    for (let i = 0; i < shifts.length; i++) {
      if (shifts[i] !== 0) moves[Math.floor(i / features)] += shifts[i] ** 2 / (features * Math.max(variances[i], 0));
    }
    return moves;
  },

  shrinkages: shrinkagesOfVariances,
  greatestRow: (factors, component, steps) =>
    steps.reduce((most, step) => Math.max(most, (factors[component] * step) ** 2), 0),
  widths: ({ packedCovariances }, component, steps) =>
    steps.map((step) => Math.sqrt(Math.max(packedCovariances[component], 0)) / step || 0),
  variances: (covariances, components, features) =>
    Float64Array.from({ length: components * features }, (_, i) => covariances[Math.floor(i / features)]),
  factorDiagonal: (factors, component, features) => new Float64Array(features).fill(factors[component]),
  rescale: (covariances, exponents) => rescaleVariances(covariances, () => exponents[0]),
  expandCovariances: (covariances) => covariances.slice(),
  expandFactors: (factors) => factors.slice(),
  pack: (covariances) => covariances.slice(),
  isotropic: (variance, components) => new Float64Array(components).fill(variance),
  publicLength: (components) => components,

  scale({ packedCovariances }, component, normals, out) {
    const deviation = Math.sqrt(packedCovariances[component]);
    for (let j = 0; j < normals.length; j++) out[j] = deviation * normals[j];
  },

  whiten(factors, component, vector, out) {
    for (let j = 0; j < vector.length; j++) out[j] = factors[component] * vector[j];
  },
};
