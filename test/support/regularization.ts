import type { Regularization } from "@emix/core";

/** Floors and one ridge for every feature, of points in 64 bits. */
export function regularizationOf(floors: ArrayLike<number>, ridge = 0): Regularization {
  const features = floors.length;
  return {
    floors: Float64Array.from(floors),
    ridges: new Float64Array(features).fill(ridge),
    steps: new Float64Array(features),
    epsilon: Number.EPSILON,
  };
}
