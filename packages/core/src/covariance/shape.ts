import { triangleLength } from "../linear-algebra/triangle.ts";
import { type CovarianceType, covarianceRow, type MatrixKind } from "./types.ts";

/** Numbers in one packed matrix. */
export function matrixLength(kind: MatrixKind, features: number): number {
  if (kind === "scalar") return 1;
  return kind === "diagonal" ? features : triangleLength(features);
}

/** Matrices of a mixture: one for all components, or one each. */
export function matrixCount(type: CovarianceType, components: number): number {
  return covarianceRow(type).shared ? 1 : components;
}

/** Numbers in the scatter of a slot, and in the packed factors of a mixture: both have one shape. */
export function scatterLength(components: number, features: number, type: CovarianceType): number {
  return matrixCount(type, components) * matrixLength(covarianceRow(type).matrix, features);
}

/** Where the matrix of a component begins in packed covariances or factors. */
export function matrixStart(type: CovarianceType, component: number, features: number): number {
  const { shared, matrix } = covarianceRow(type);
  return shared ? 0 : component * matrixLength(matrix, features);
}
