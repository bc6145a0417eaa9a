import { diagonalsOf, packedOf } from "../covariance/covariances.ts";
import { covarianceRow } from "../covariance/types.ts";
import { logarithm } from "../elementary/logarithm.ts";
import { cholesky, invertTriangle, multiplyTriangle } from "../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import type { Mixture } from "./mixture.ts";

/** What keeps the sum of two covariances that are thin in one direction positive definite, beside its unit diagonal. */
const RIDGE = 1e-12;

/**
 * Bhattacharyya distances −log ∫ √(p q) between the components of two mixtures of as many features, their weights aside.
 * They do not depend on the units of the features. out: k × m, row-major
 */
export function bhattacharyyaDistances(mixture: Mixture, other: Mixture): Float64Array {
  const ours = componentsOf(mixture);
  const theirs = componentsOf(other);
  return Float64Array.from(ours.flatMap((one) => theirs.map((two) => distance(one, two))));
}

/** One component, whatever its covariance type. */
interface Component {
  /** d, two doubles a number */
  readonly mean: Float64Array;
  readonly meanResidual: Float64Array;
  /** packed lower triangle */
  readonly covariance: Float64Array;
  /** log det Σ */
  readonly logDeterminant: number;
}

function componentsOf(mixture: Mixture): Component[] {
  const { components, features, means, meansResidual, packedCovariances } = mixture;
  const variances = diagonalsOf(packedCovariances, mixture);
  const factors = diagonalsOf(mixture.factors, mixture);
  return Array.from({ length: components }, (_, component) => {
    const row = (values: Float64Array) => values.subarray(component * features, (component + 1) * features);
    return {
      mean: row(means),
      meanResidual: row(meansResidual),
      covariance: triangleOf(mixture, component, row(variances)),
      logDeterminant: -2 * row(factors).reduce((sum, w) => sum + logarithm(w), 0),
    };
  });
}

/** The covariance of every component as a packed lower triangle, whatever the covariance type. */
export function componentTriangles(mixture: Mixture): Float64Array[] {
  return componentsOf(mixture).map(({ covariance }) => covariance);
}

function triangleOf(mixture: Mixture, component: number, variances: Float64Array): Float64Array {
  const { covarianceType, packedCovariances, features } = mixture;
  if (covarianceRow(covarianceType).matrix === "triangle") return packedOf(packedCovariances, mixture, component);
  const triangle = new Float64Array(triangleLength(features));
  variances.forEach((variance, i) => {
    triangle[triangleRow(i) + i] = variance;
  });
  return triangle;
}

/** With every feature divided by its root mean variance, so that no square leaves the range of a double. */
function distance(one: Component, two: Component): number {
  const features = one.mean.length;
  const scales = one.mean.map((_, i) => Math.sqrt(diagonal(one, i) / 2 + diagonal(two, i) / 2));
  const between = new Float64Array(one.covariance.length);
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) {
      const at = triangleRow(i) + j;
      between[at] = (one.covariance[at] / 2 + two.covariance[at] / 2) / scales[i] / scales[j] + (i === j ? RIDGE : 0);
    }
  }
  const lower = cholesky(between, features);
  if (lower === null) return Number.MAX_VALUE; // only where a covariance is none
  const apart = one.mean.map(
    (mean, i) => (mean - two.mean[i] + (one.meanResidual[i] - two.meanResidual[i])) / scales[i],
  );
  multiplyTriangle(invertTriangle(lower, features), 0, apart, apart);
  const squared = apart.reduce((sum, value) => sum + value * value, 0);
  const logDeterminant = scales.reduce((sum, scale, i) => sum + logarithm(scale * lower[triangleRow(i) + i]), 0);
  const distance = squared / 8 + logDeterminant - (one.logDeterminant + two.logDeterminant) / 4;
  return Math.min(distance, Number.MAX_VALUE);
}

function diagonal({ covariance }: Component, i: number): number {
  return covariance[triangleRow(i) + i];
}
