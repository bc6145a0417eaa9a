import { covarianceOf, divideTriangles, invertTriangle, multiplyTriangles } from "../linear-algebra/cholesky.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import { rankOfColumns, traceOf } from "../linear-algebra/few-directions.ts";
import { columnsOfRoot, toSingularColumns } from "../linear-algebra/singular-columns.ts";
import { triangleRow } from "../linear-algebra/triangle.ts";
import type { Matrix, ShrinkageOptions } from "./matrix.ts";

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
    most = Math.max(most, covariance[triangleRow(j) + j] * columnSquare(factor, j, features));
  }
  return most;
}

/** The same of F Σ Fᵀ, which belongs to W F⁻¹. in: frame F */
export function inflationInFrame({ factor }: Matrix, frame: Float64Array, features: number): number {
  const turned = divideTriangles(factor, frame, features);
  return inflationOf({ covariance: covarianceOf(turned, features), factor: turned }, features);
}

/** Σ_i W_ij², that is (Σ⁻¹)_jj. */
function columnSquare(factor: Float64Array, j: number, features: number): number {
  let sum = 0;
  for (let i = j, at = triangleRow(j) + j; i < features; at += ++i) sum += factor[at] * factor[at];
  return sum;
}

/**
 * ‖W_after L_before‖²/d: no vᵀΣ_before v / vᵀΣ_after v exceeds d times this. A bound that costs d² flops comes first;
 * it is enough if neither covariance is nearly singular.
 */
export function shrinkageOf(
  before: Matrix,
  after: Matrix,
  features: number,
  { base, enough = 0 }: ShrinkageOptions = {},
): number {
  let bound = 0;
  for (let j = 0; j < features; j++) {
    bound += columnSquare(after.factor, j, features) * before.covariance[triangleRow(j) + j];
  }
  if (bound < Math.max(ENOUGH, enough)) return bound;
  const { directions } = after;
  const spread =
    base === undefined || directions === undefined
      ? spreadOf(before, features)(after.factor)
      : traceOf(directions, base, before.covariance);
  return spread / features;
}

/** A bound below this needs no refinement. */
const ENOUGH = 64;

/** Finds tr(W Σ Wᵀ) = ‖W L‖². in: W */
export function spreadOf(of: Matrix, features: number): (factor: Float64Array) => number {
  const root = invertTriangle(of.factor, features);
  const product = zeros(root.length);
  return (factor) => {
    multiplyTriangles(factor, root, features, product.fill(0));
    let sum = 0;
    for (let i = 0; i < product.length; i++) sum += product[i] * product[i];
    return sum;
  };
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

/** How many singular values of diag(1/h) L exceed 1; a feature without spread has none. in: steps h, d */
export function rankOf({ covariance, factor, directions }: Matrix, steps: Float64Array): number {
  const isSpread = (step: number, i: number) => covariance[triangleRow(i) + i] > LEAST_VARIANCE && step !== 0;
  if (directions !== undefined)
    return rankOfColumns(
      directions,
      steps.map((step, i) => (isSpread(step, i) ? 1 / step : 0)),
    );
  const columns = columnsOfRoot(
    factor,
    steps.map((step, i) => (isSpread(step, i) ? step : Number.POSITIVE_INFINITY)),
  );
  if (columns === null) return 0;
  const lengths = zeros(steps.length);
  toSingularColumns(columns, lengths);
  let rank = 0;
  for (let l = 0; l < lengths.length; l++) rank += Number(lengths[l] > 1);
  return rank;
}
