import { resolutionOf } from "../../components/resolution/resolution.ts";
import { COVARIANCE_TYPES, type CovarianceType } from "../../covariance/types.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { inUnitsOfPoints } from "../../mixture/units.ts";
import type { PointsLike } from "../../points/array-sources.ts";
import { tilePoints } from "../../points/tiling.ts";
import { plainRules } from "../../step/rules.ts";
import { absoluteRidge, onlyKnown, requireOneOf } from "../options/checks.ts";
import { ridgesOf } from "../regularization.ts";
import { fromResponsibilities, openResponsibilities, type Responsibilities } from "./from-responsibilities.ts";

/** What counts of the points. */
export interface PointWeightsOption {
  /** n, finite and 0 or more; default all 1 */
  readonly pointWeights?: ArrayLike<number>;
}

/** What `GaussianMixture.fromPointsAndAssignmentProbs` takes besides the points. */
export interface AssignmentOptions extends PointWeightsOption {
  /** n × k, flat row-major or rows */
  readonly assignmentProbs: Responsibilities;
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
  /** `{ absolute: ε }` adds ε to every diagonal entry. Default 0. */
  readonly regularization?:
    | 0
    | {
        /** ε, 0 or more */
        readonly absolute: number;
      };
}

/** Makes one M-step from responsibilities as callers have them. out: in the units of the points */
export function mixtureFromAssignments(points: PointsLike, options: AssignmentOptions): Mixture {
  const known = ["assignmentProbs", "pointWeights", "covarianceType", "regularization"];
  const { assignmentProbs, pointWeights, covarianceType = "full", regularization = 0 } = onlyKnown(options, known);
  const tiles = tilePoints(points, pointWeights);
  const { flat, components } = openResponsibilities(assignmentProbs, tiles);
  requireOneOf("covarianceType", covarianceType, COVARIANCE_TYPES);
  const { features, exponents, dtype } = tiles;
  const rules = {
    ...plainRules(features),
    resolution: resolutionOf(dtype, features),
    regularization: ridgesOf(absoluteRidge(regularization), features, exponents),
  };
  const mixture = fromResponsibilities(tiles, { flat, components }, covarianceType, rules);
  return inUnitsOfPoints(mixture, exponents);
}
