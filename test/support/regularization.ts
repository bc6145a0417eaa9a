import type { RegularizationOption, Tiles } from "@emix/core";
import { resolutionOf } from "../../packages/core/src/components/resolution/resolution.ts";
import type { Regularization } from "../../packages/core/src/covariance/regularization.ts";
import { granularSteps } from "../../packages/core/src/fit/granularity.ts";
import type { GranularityOption } from "../../packages/core/src/fit/options/options.ts";
import { regularizationFor } from "../../packages/core/src/fit/regularization.ts";
import type { Summary } from "../../packages/core/src/fit/summary.ts";
import type { Limits } from "../../packages/core/src/step/maximization.ts";

/** Floors and one ridge for every feature. */
export function regularizationOf(floors: ArrayLike<number>, ridge = 0): Regularization {
  return { floors: Float64Array.from(floors), ridges: new Float64Array(floors.length).fill(ridge) };
}

/** The same, with the resolution of points in 64 bits. */
export function limitsOf(floors: ArrayLike<number>, ridge = 0): Limits {
  return { regularization: regularizationOf(floors, ridge), resolution: resolutionOf("f64", floors.length) };
}

/** What a fit makes of these options and points. */
export function limitsFor(
  { regularization, granularity = 0 }: { regularization: RegularizationOption; granularity?: GranularityOption },
  summary: Summary,
): Limits {
  const { dtype, features } = summary.tiles;
  const steps = granularSteps(granularity, summary.tiles as Tiles);
  return {
    regularization: regularizationFor(regularization, steps, summary),
    resolution: { ...resolutionOf(dtype, features), steps },
  };
}
