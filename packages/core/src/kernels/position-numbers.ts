import { matrixLength } from "../covariance/shape.ts";
import { type CovarianceType, covarianceRow } from "../covariance/types.ts";
import type { Position } from "./position.ts";

// Positions as numbers, one after the other, in memory that threads may share.

/** What all positions have in common. */
export interface PositionShape {
  readonly covarianceType: CovarianceType;
  readonly features: number;
}

/** How many numbers a position has: five, then pivot, bias and factor. */
export function positionLength({ covarianceType, features }: PositionShape): number {
  return 5 + 2 * features + matrixLength(covarianceRow(covarianceType).matrix, features);
}

/** in: index, its place among the positions */
export function writePosition(position: Position, index: number, to: Float64Array): void {
  const { covarianceType, height, heightSize, relative, absolute, width, pivot, bias, factor } = position;
  const features = pivot.length;
  const at = index * positionLength({ covarianceType, features });
  to[at] = height;
  to[at + 1] = heightSize;
  to[at + 2] = relative;
  to[at + 3] = absolute;
  to[at + 4] = width;
  to.set(pivot, at + 5);
  to.set(bias, at + 5 + features);
  to.set(factor, at + 5 + 2 * features);
}

/** Takes so much off the heights of positions: the rule of zero is then that of log densities which have as much less. */
export function lowerHeights(positions: Float64Array, by: number, shape: PositionShape): void {
  const length = positionLength(shape);
  for (let at = 0; at < positions.length; at += length) {
    positions[at] -= by;
    positions[at + 1] += Math.abs(by);
  }
}

/** A position whose arrays are views. in: index, which of the positions */
export function readPosition(from: Float64Array, index: number, shape: PositionShape): Position {
  const { covarianceType, features } = shape;
  const first = index * positionLength(shape);
  const bias = first + 5 + features;
  return {
    covarianceType,
    height: from[first],
    heightSize: from[first + 1],
    relative: from[first + 2],
    absolute: from[first + 3],
    width: from[first + 4],
    pivot: from.subarray(first + 5, bias),
    bias: from.subarray(bias, bias + features),
    factor: from.subarray(bias + features, first + positionLength(shape)),
  };
}
