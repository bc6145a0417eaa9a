import type { CovarianceType } from "@emix/core";
import type { Covariances, Shape } from "../../packages/core/src/covariance/covariances.ts";
import type { Matrix } from "../../packages/core/src/covariance/matrix.ts";
import { covarianceRow, type MatrixKind } from "../../packages/core/src/covariance/types.ts";

const matrix = (covariance: number[], factor: number[]): Matrix => ({
  covariance: Float64Array.from(covariance),
  factor: Float64Array.from(factor),
});

/**
 * Two covariances in two dimensions, by hand, in numbers that doubles hold exactly: of triangles L₀ = [2 0; 1 4] and
 * L₁ = [1 0; −2 ½].
 */
export const COUPLES: Readonly<Record<MatrixKind, readonly [Matrix, Matrix]>> = {
  triangle: [matrix([4, 2, 17], [0.5, -0.125, 0.25]), matrix([1, -2, 4.25], [1, 4, 2])],
  diagonal: [matrix([4, 16], [0.5, 0.25]), matrix([1, 0.25], [1, 2])],
  scalar: [matrix([4], [0.5]), matrix([0.25], [2])],
};

/** The covariances of two components: both of a couple, or the second where they share one. */
export function coupleOf(covarianceType: CovarianceType): Covariances & Shape {
  const { matrix: kind, shared } = covarianceRow(covarianceType);
  const matrices = COUPLES[kind].slice(shared ? 1 : 0);
  return {
    ...{ components: 2, features: 2, covarianceType },
    packedCovariances: Float64Array.from(matrices.flatMap(({ covariance }) => [...covariance])),
    factors: Float64Array.from(matrices.flatMap(({ factor }) => [...factor])),
  };
}

/** The numbers of both. */
export function numbersOf({ packedCovariances, factors }: Covariances): number[][] {
  return [[...packedCovariances], [...factors]];
}
