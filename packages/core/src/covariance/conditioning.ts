import { Matrix as Dense, SingularValueDecomposition } from "ml-matrix";
import { invertTriangle, multiplyTriangles } from "../linear-algebra/cholesky.ts";
import { triangleRow } from "../linear-algebra/triangle.ts";
import type { Matrix } from "./matrix.ts";

// How far a triangle is from singular, and from another triangle.

/**
 * The variance inflation beyond which a scatter is taken in the frame of the factor, and covariances are added by their
 * factors. A sum of products has an error of inflation · 2⁻⁵².
 */
export const MOST_INFLATION = 100;

/** Replaces the variance of a feature that is 0 throughout. */
export const LEAST_VARIANCE: number = 2 ** -1000;

/**
 * Variance inflation, max_j Σ_jj Σ_i W_ij². It does not depend on order or scale, and lies between κ/d² and κ of the
 * correlations.
 */
export function inflationOf({ covariance, factor }: Matrix, features: number): number {
  let most = 0;
  for (let j = 0; j < features; j++) {
    let sum = 0;
    for (let i = j; i < features; i++) sum += factor[triangleRow(i) + j] ** 2;
    most = Math.max(most, covariance[triangleRow(j) + j] * sum);
  }
  return most;
}

/**
 * ‖W_after L_before‖²/d: no vᵀΣ_before v / vᵀΣ_after v exceeds d times this. A bound that costs d² flops comes first;
 * it is enough if neither covariance is nearly singular.
 */
export function shrinkageOf(before: Matrix, after: Matrix, features: number): number {
  let bound = 0;
  for (let j = 0; j < features; j++) {
    let sum = 0;
    for (let i = j; i < features; i++) sum += after.factor[triangleRow(i) + j] ** 2;
    bound += sum * before.covariance[triangleRow(j) + j];
  }
  return bound < ENOUGH ? bound : spreadOf(after.factor, before, features) / features;
}

/** A bound below this needs no refinement. */
const ENOUGH = 64;

/** tr(W Σ Wᵀ) = ‖W L‖². in: factor, W */
export function spreadOf(factor: Float64Array, of: Matrix, features: number): number {
  const product = multiplyTriangles(factor, invertTriangle(of.factor, features), features);
  return product.reduce((sum, value) => sum + value * value, 0);
}

/** max_i Σ_j (W_ij h_j)². in: W, packed; steps h, d */
export function greatestRow(factor: Float64Array, steps: Float64Array): number {
  let most = 0;
  for (let i = 0; i < steps.length; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += (factor[triangleRow(i) + j] * steps[j]) ** 2;
    most = Math.max(most, sum);
  }
  return most;
}

/** Singular values of diag(1/h) L. in: steps h, d */
export function widthsOf({ covariance, factor }: Matrix, steps: Float64Array): Float64Array {
  const features = steps.length;
  const lower = invertTriangle(factor, features);
  const scaled = new Dense(features, features);
  for (let i = 0; i < features; i++) {
    const none = !(covariance[triangleRow(i) + i] > LEAST_VARIANCE) || steps[i] === 0;
    for (let j = 0; j <= i; j++) scaled.set(i, j, none ? 0 : lower[triangleRow(i) + j] / steps[i]);
  }
  if (!scaled.to1DArray().every(Number.isFinite)) return new Float64Array(features);
  return Float64Array.from(new SingularValueDecomposition(scaled).diagonal);
}
