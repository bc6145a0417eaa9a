import { matrixChart } from "../../covariance/charts/charts.ts";
import { matrixOf, owners, packedCovariances, packedOf, type Shape } from "../../covariance/covariances.ts";
import { matrixForm } from "../../covariance/forms.ts";
import { scatterLength } from "../../covariance/shape.ts";
import { exponential } from "../../elementary/exponential.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { twoSumError } from "../../elementary/rounding.ts";
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
  const { features, weights, covarianceType } = at;
  const all = origin(at);
  const parts = partsOf(all, at);
  parts.weights.set(weights.map(Math.sqrt));
  parts.means.set(parts.means.map((_, i) => Math.sqrt(weights[Math.floor(i / features)])));
  const information = matrixChart(covarianceType).information(features);
  for (const group of owners(at)) {
    const weight = weightOf(at, group);
    packedOf(parts.matrices, at, group[0]).set(information.map((value) => Math.sqrt(value * weight)));
  }
  return all;
}

/** The coordinates of a mixture about another. */
export function coordinatesOf(to: Mixture, at: Mixture): Float64Array {
  const { features, covarianceType } = at;
  const all = origin(at);
  const parts = partsOf(all, at);
  const logs = to.weights.map((weight, component) => logarithm(weight / at.weights[component]));
  parts.weights.set(logs);
  parts.means.set(whitenedMoves(to, at));
  const chart = matrixChart(covarianceType);
  for (const [component] of owners(at)) {
    const ratio = chart.ratio(matrixOf(at, at, component), matrixOf(to, at, component), features);
    packedOf(parts.matrices, at, component).set(chart.logarithm(ratio, features));
  }
  const units = unitsAt(at);
  return all.map((value, i) => value * units[i]);
}

/** The mixture at some coordinates about another. */
export function mixtureAt(coordinates: Float64Array, at: Mixture): Mixture {
  const { features, covarianceType } = at;
  const units = unitsAt(at);
  const parts = partsOf(
    coordinates.map((value, i) => value / units[i]),
    at,
  );
  const chart = matrixChart(covarianceType);
  const shares = at.weights.map((weight, component) => weight * exponential(parts.weights[component]));
  return {
    ...at,
    weights: normalize(shares),
    ...movedMeans(at, parts.means),
    ...packedCovariances(at, ([component]) =>
      chart.matrixAt(
        matrixOf(at, at, component),
        chart.exponential(packedOf(parts.matrices, at, component), features),
        features,
      ),
    ),
  };
}

/** W_c (μ'_c − μ_c) of every component. out: k × d */
export function whitenedMoves(to: Pick<Mixture, "means" | "meansResidual">, at: Mixture): Float64Array {
  const { components, features, covarianceType, factors } = at;
  const form = matrixForm(covarianceType);
  const moves = at.means.map((mean, i) => to.means[i] - mean + (to.meansResidual[i] - at.meansResidual[i]));
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
  const near = at.means.map((mean, i) => mean + steps[i]);
  const rests = near.map((mean, i) => twoSumError(at.means[i], steps[i], mean) + at.meansResidual[i]);
  const means = near.map((mean, i) => mean + rests[i]);
  return { means, meansResidual: near.map((mean, i) => twoSumError(mean, rests[i], means[i])) };
}

/** The weight of the components that share a matrix. */
export function weightOf({ weights }: Pick<Mixture, "weights">, group: readonly number[]): number {
  return group.reduce((total, component) => total + weights[component], 0);
}

/** The greatest length of the coordinates of one component, or of a shared matrix, each in its own information. */
export function longest(coordinates: Float64Array, at: Mixture): number {
  const { features, weights, components } = at;
  const parts = partsOf(coordinates, at);
  const square = (values: Float64Array) => values.reduce((total, value) => total + value * value, 0);
  const own = weights.map(
    (weight, c) => (parts.weights[c] ** 2 + square(parts.means.subarray(c * features, (c + 1) * features))) / weight,
  );
  let most = 0;
  for (const group of owners(at)) {
    const matrix = square(packedOf(parts.matrices, at, group[0])) / weightOf(at, group);
    if (group.length === 1) own[group[0]] += matrix;
    else most = Math.max(most, matrix);
  }
  for (let c = 0; c < components; c++) most = Math.max(most, own[c]);
  return Math.sqrt(most);
}
