import { compensatedSums, rounded } from "../linear-algebra/compensated-sum.ts";
import type { CovarianceForm } from "./covariance.ts";
import { subtractProduct } from "./shift.ts";
import {
  blendVariances,
  estimatedVariances,
  factorizeVariances,
  movesOfEach,
  regularizeVariances,
  rescaleVariances,
  shrinkagesOfVariances,
  spreadsOfVariances,
} from "./variances.ts";

/** A variance for every component and feature: v_cj = S_cjj/N_c − δ_cj². */
export const diag: CovarianceForm = {
  parameterCount: (components, features) => components * features,

  estimate({ slot, layout, shifts, shiftRests, least }) {
    const { components, features, responsibilitySums, scatter } = layout;
    const massOf = (i: number) => slot[responsibilitySums + Math.floor(i / features)];
    const moved = compensatedSums(shifts.length, slot.slice(scatter));
    for (let i = 0; i < shifts.length; i++) subtractProduct(moved, i, massOf(i), shifts, shiftRests, i, i);
    const variances = rounded(moved).map((sum, i) => sum / massOf(i));
    return estimatedVariances(variances, components, (i) => least[i]);
  },

  blend: blendVariances,
  spreads: spreadsOfVariances,

  keep(to, from, component, features) {
    const [start, end] = [component * features, (component + 1) * features];
    to.packedCovariances.set(from.packedCovariances.subarray(start, end), start);
    to.factors.set(from.factors.subarray(start, end), start);
  },

  copy(covariances, from, to, features) {
    for (const values of [covariances.packedCovariances, covariances.factors]) {
      values.copyWithin(to * features, from * features, (from + 1) * features);
    }
  },

  regularize: (covariances, _components, features, { floors, ridges }) =>
    regularizeVariances(
      covariances,
      features,
      (i) => floors[i % features],
      (i) => ridges[i % features],
    ),
  factorize: (covariances, _components, features) => factorizeVariances(covariances, features),
  inflations: (_covariances, components) => new Float64Array(components).fill(1),
  moves: movesOfEach,
  shrinkages: shrinkagesOfVariances,
  greatestRow: (factors, component, steps) =>
    steps.reduce((most, step, j) => Math.max(most, (factors[component * steps.length + j] * step) ** 2), 0),
  widths: ({ packedCovariances }, component, steps) =>
    steps.map((step, j) => Math.sqrt(Math.max(packedCovariances[component * steps.length + j], 0)) / step || 0),
  variances: (covariances) => covariances,
  factorDiagonal: (factors, component, features) => factors.subarray(component * features, (component + 1) * features),
  rescale: (covariances, exponents) => rescaleVariances(covariances, (i) => exponents[i % exponents.length]),
  expandCovariances: (covariances) => covariances.slice(),
  expandFactors: (factors) => factors.slice(),
  pack: (covariances) => covariances.slice(),
  isotropic: (variance, components, features) => new Float64Array(components * features).fill(variance),
  publicLength: (components, features) => components * features,

  scale({ packedCovariances }, component, normals, out) {
    const row = component * normals.length;
    for (let j = 0; j < normals.length; j++) out[j] = Math.sqrt(packedCovariances[row + j]) * normals[j];
  },

  whiten(factors, component, vector, out) {
    const row = component * vector.length;
    for (let j = 0; j < vector.length; j++) out[j] = factors[row + j] * vector[j];
  },
};
