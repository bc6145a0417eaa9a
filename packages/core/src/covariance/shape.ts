import { triangleLength } from "../linear-algebra/triangle.ts";
import { type CovarianceType, covarianceRow, type MatrixKind } from "./types.ts";

// Packed arrays hold the matrices of a mixture one after the other: covariances, factors, scatters and frames alike.

/** How many numbers hold one matrix: a packed lower triangle, a diagonal, or one number for all features. */
export function matrixLength(kind: MatrixKind, features: number): number {
  switch (kind) {
    case "triangle":
      return triangleLength(features);
    case "diagonal":
      return features;
    case "scalar":
      return 1;
  }
}

/** How many matrices a mixture has: one that all components share, or one each. */
export function matrixCount(type: CovarianceType, components: number): number {
  return covarianceRow(type).shared ? 1 : components;
}

/** How many numbers the scatter of a slot has. Packed covariances and factors have the same shape. */
export function scatterLength(components: number, features: number, type: CovarianceType): number {
  return matrixCount(type, components) * matrixLength(covarianceRow(type).matrix, features);
}

/** The index at which the matrix of a component begins in a packed array. */
export function matrixStart(type: CovarianceType, component: number, features: number): number {
  const { matrix, shared } = covarianceRow(type);
  return shared ? 0 : component * matrixLength(matrix, features);
}
