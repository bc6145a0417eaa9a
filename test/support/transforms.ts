import { GaussianMixture } from "@emix/core";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { randomStream } from "../../packages/core/src/random.ts";
import type { Scene } from "./scenes.ts";

/** x → A x + t with A lower triangular. */
export interface AffineMap {
  readonly matrix: readonly number[];
  readonly logDeterminant: number;
  apply(rows: ArrayLike<number>): Float64Array<ArrayBuffer>;
}

export function triangularMap(features: number, seed: number): AffineMap {
  const random = randomStream(seed, "map");
  const matrix = Array.from({ length: features * features }, (_, index) => {
    const [i, j] = [Math.floor(index / features), index % features];
    if (i === j) return 0.5 + random.uniform();
    return j < i ? random.normal() : 0;
  });
  const shift = Array.from({ length: features }, () => 5 * random.normal());
  let logDeterminant = 0;
  for (let i = 0; i < features; i++) logDeterminant += Math.log(matrix[i * features + i]);
  const apply = (rows: ArrayLike<number>) =>
    Float64Array.from(rows, (_, index) => {
      const [row, i] = [Math.floor(index / features), index % features];
      let sum = shift[i];
      for (let j = 0; j <= i; j++) sum += matrix[i * features + j] * rows[row * features + j];
      return sum;
    });
  return { matrix, logDeterminant, apply };
}

/** The start under the map: A Σ Aᵀ. */
export function mapped({ start, features, covarianceType }: Scene, { matrix, apply }: AffineMap): GaussianMixture {
  const { covariances } = start;
  const square = features * features;
  const turned = covariances.map((_, index) => {
    const [block, i, j] = [Math.floor(index / square), Math.floor((index % square) / features), index % features];
    let sum = 0;
    for (let l = 0; l < features; l++) {
      for (let m = 0; m < features; m++) {
        sum += matrix[i * features + l] * covariances[block * square + l * features + m] * matrix[j * features + m];
      }
    }
    return sum;
  });
  return GaussianMixture.fromParameters({
    weights: start.weights,
    means: apply(start.means),
    covariances: turned,
    covarianceType,
  });
}

/** The start with its means rounded, so that they may be moved exactly. */
export function onGridAt(
  { weights, means, covariances, covarianceType }: GaussianMixture,
  by: number,
): GaussianMixture {
  const moved = means.map((mean) => Math.round(mean * 1024) / 1024 + by);
  return GaussianMixture.fromParameters({ weights, means: moved, covariances, covarianceType });
}

/** The components in another order. */
export function permuted(mixture: GaussianMixture, order: readonly number[]): GaussianMixture {
  const { weights, means, covariances, covarianceType, components } = mixture;
  const rows = (values: Float64Array) => {
    const length = values.length / components;
    return order.flatMap((from) => [...values.subarray(from * length, (from + 1) * length)]);
  };
  return GaussianMixture.fromParameters({
    weights: rows(weights),
    means: rows(means),
    covariances: covarianceRow(covarianceType).shared ? covariances : rows(covariances),
    covarianceType,
  });
}
