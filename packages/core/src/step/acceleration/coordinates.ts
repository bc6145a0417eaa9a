import { matrixChart } from "../../covariance/charts/charts.ts";
import { matrixOf, owners, packedCovariances, packedOf, type Shape } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import { scatterLength } from "../../covariance/shape.ts";
import { exponential } from "../../elementary/exponential.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { twoSumError } from "../../elementary/rounding.ts";
import { zeros } from "../../linear-algebra/doubles.ts";
import { normalize } from "../../linear-algebra/sum.ts";
import type { Mixture } from "../../mixture/mixture.ts";

// Mixtures near a mixture have coordinates about it (derivation.md eq. 43), in which the Fisher information of the complete
// data is the identity. They are flat arrays: k for the weights, k × d for the means, then those of the matrices.

/** The parts of a flat array, as views. */
export interface Parts {
  /** k */
  readonly weights: Float64Array;
  /** k × d */
  readonly means: Float64Array;
  /** packed like covariances */
  readonly matrices: Float64Array;
}

export function partsOf(flat: Float64Array, { components, features }: Shape): Parts {
  const matrices = components + components * features;
  return {
    weights: flat.subarray(0, components),
    means: flat.subarray(components, matrices),
    matrices: flat.subarray(matrices),
  };
}

/** An array for coordinates about a mixture, all 0. */
export function origin({ components, features, covarianceType }: Shape): Float64Array {
  return new Float64Array(components + components * features + scatterLength(components, features, covarianceType));
}

/** The square root of the information about every coordinate: what a change of a parameter counts. */
export function unitsAt(at: Mixture): Float64Array {
  const { components, features, weights, covarianceType } = at;
  const all = origin(at);
  const parts = partsOf(all, at);
  for (let c = 0; c < components; c++) {
    parts.weights[c] = Math.sqrt(weights[c]);
    parts.means.fill(parts.weights[c], c * features, (c + 1) * features);
  }
  const information = matrixChart(covarianceType).information(features);
  let entry = 0;
  for (const group of owners(at)) {
    const weight = weightOf(at, group);
    for (let i = 0; i < information.length; i++) parts.matrices[entry++] = Math.sqrt(information[i] * weight);
  }
  return all;
}

/** The coordinates of a mixture about another. */
export function coordinatesOf(to: Mixture, at: Mixture): Float64Array {
  const { features, covarianceType } = at;
  const all = origin(at);
  const parts = partsOf(all, at);
  for (let c = 0; c < parts.weights.length; c++) parts.weights[c] = logarithm(to.weights[c] / at.weights[c]);
  parts.means.set(whitenedMoves(to, at));
  const chart = matrixChart(covarianceType);
  for (const [component] of owners(at)) {
    const ratio = chart.ratio(packedOf(at.factors, at, component), packedOf(to.factors, at, component), features);
    chart.logarithm(ratio, features);
    packedOf(parts.matrices, at, component).set(ratio);
  }
  const units = unitsAt(at);
  for (let i = 0; i < all.length; i++) all[i] *= units[i];
  return all;
}

/** The mixture at some coordinates about another. */
export function mixtureAt(coordinates: Float64Array, at: Mixture): Mixture {
  const { features, covarianceType, factors } = at;
  const changes = unitsAt(at);
  for (let i = 0; i < changes.length; i++) changes[i] = coordinates[i] / changes[i];
  const parts = partsOf(changes, at);
  const chart = matrixChart(covarianceType);
  const shares = at.weights.map((weight, component) => weight * exponential(parts.weights[component]));
  return {
    ...at,
    weights: normalize(shares),
    ...movedMeans(at, parts.means),
    ...packedCovariances(at, ([component]) => {
      const ratio = packedOf(parts.matrices, at, component);
      chart.exponential(ratio, features);
      return chart.matrixAt(packedOf(factors, at, component), ratio, features);
    }),
  };
}

/** W_c (μ'_c − μ_c) of every component. out: k × d */
export function whitenedMoves(to: Pick<Mixture, "means" | "meansResidual">, at: Mixture): Float64Array {
  const { components, features, covarianceType, factors } = at;
  const form = matrixForm(covarianceType);
  const moves = new Float64Array(at.means.length);
  for (let i = 0; i < moves.length; i++) {
    moves[i] = to.means[i] - at.means[i] + (to.meansResidual[i] - at.meansResidual[i]);
  }
  const whitened = new Float64Array(moves.length);
  for (let component = 0; component < components; component++) {
    const row = component * features;
    const move = moves.subarray(row, row + features);
    form.multiply(packedOf(factors, at, component), move, whitened.subarray(row, row + features));
  }
  return whitened;
}

/** μ_c + L_c v_c, as two doubles. in: v, k × d */
function movedMeans(at: Mixture, moves: Float64Array): Pick<Mixture, "means" | "meansResidual"> {
  const { components, features, covarianceType } = at;
  const form = matrixForm(covarianceType);
  const steps = new Float64Array(moves.length);
  for (let component = 0; component < components; component++) {
    const row = component * features;
    const root = form.root(matrixOf(at, at, component), features);
    form.multiply(root, moves.subarray(row, row + features), steps.subarray(row, row + features));
  }
  const [means, meansResidual] = [new Float64Array(steps.length), new Float64Array(steps.length)];
  for (let i = 0; i < steps.length; i++) {
    const near = at.means[i] + steps[i];
    const rest = twoSumError(at.means[i], steps[i], near) + at.meansResidual[i];
    means[i] = near + rest;
    meansResidual[i] = twoSumError(near, rest, means[i]);
  }
  return { means, meansResidual };
}

/** The weight of the components that share a matrix. */
export function weightOf({ weights }: Pick<Mixture, "weights">, group: readonly number[]): number {
  return group.reduce((total, component) => total + weights[component], 0);
}

/** The greatest length of the coordinates of one component, or of a shared matrix, each in its own information. */
export function longest(coordinates: Float64Array, at: Mixture): number {
  const { features, weights, components } = at;
  const parts = partsOf(coordinates, at);
  const own = zeros(components);
  for (let c = 0; c < components; c++) {
    own[c] = (parts.weights[c] ** 2 + squareOf(parts.means, c * features, (c + 1) * features)) / weights[c];
  }
  const length = matrixForm(at.covarianceType).length(features);
  let most = 0;
  let first = 0;
  for (const group of owners(at)) {
    const matrix = squareOf(parts.matrices, first, first + length) / weightOf(at, group);
    if (group.length === 1) own[group[0]] += matrix;
    else most = Math.max(most, matrix);
    first += length;
  }
  for (let c = 0; c < components; c++) most = Math.max(most, own[c]);
  return Math.sqrt(most);
}

function squareOf(values: Float64Array, first: number, end: number): number {
  let total = 0;
  for (let i = first; i < end; i++) total += values[i] * values[i];
  return total;
}
