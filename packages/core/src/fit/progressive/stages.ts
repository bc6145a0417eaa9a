import { covarianceParameters, type Shape } from "../../covariance/covariances.ts";

/** A part of the points that a mixture is fitted to before the next one. */
export interface Stage {
  readonly points: number;
  /** what the mean log-likelihood of the part may still gain: a fifth of what so few points overstate it by */
  readonly tolerance: number;
}

/** Which parts of the points there may be: each has a quarter of the points of the next. */
const PARTS = [256, 64, 16, 4];
const LEAST_POINTS = 2 ** 13;
const POINTS_PER_PARAMETER = 20;

/** The parts of n points that a mixture is fitted to first, the smallest first; none if there are few points. */
export function stagesOf(count: number, shape: Shape): Stage[] {
  const parameters = shape.components * (1 + shape.features) - 1 + covarianceParameters(shape);
  const least = Math.max(LEAST_POINTS, POINTS_PER_PARAMETER * parameters);
  const sizes = PARTS.map((part) => Math.floor(count / part));
  return sizes.filter((points) => points >= least).map((points) => ({ points, tolerance: parameters / (10 * points) }));
}
