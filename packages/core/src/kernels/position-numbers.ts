import { matrixLength } from "../covariance/shape.ts";
import { type CovarianceType, covarianceRow } from "../covariance/types.ts";
import type { Position } from "./position.ts";

// Positions as numbers, one after the other, in memory that threads may share.

/** What all positions have in common. */
export interface PositionShape {
  readonly covarianceType: CovarianceType;
  readonly features: number;
}

/** How many numbers a position has: four, then pivot, bias and factor. */
export function positionLength({ covarianceType, features }: PositionShape): number {
  return 4 + 2 * features + matrixLength(covarianceRow(covarianceType).matrix, features);
}

/** out: to, as many numbers as all positions have */
export function writePositions(positions: readonly Position[], to: Float64Array): void {
  let at = 0;
  for (const { height, heightSize, relative, absolute, pivot, bias, factor } of positions) {
    to[at] = height;
    to[at + 1] = heightSize;
    to[at + 2] = relative;
    to[at + 3] = absolute;
    to.set(pivot, at + 4);
    to.set(bias, at + 4 + pivot.length);
    to.set(factor, at + 4 + 2 * pivot.length);
    at += 4 + 2 * pivot.length + factor.length;
  }
}

/** A position whose arrays are views. in: index, which of the positions */
export function readPosition(from: Float64Array, index: number, shape: PositionShape): Position {
  const { covarianceType, features } = shape;
  const first = index * positionLength(shape);
  const bias = first + 4 + features;
  return {
    covarianceType,
    height: from[first],
    heightSize: from[first + 1],
    relative: from[first + 2],
    absolute: from[first + 3],
    pivot: from.subarray(first + 4, bias),
    bias: from.subarray(bias, bias + features),
    factor: from.subarray(bias + features, first + positionLength(shape)),
  };
}
