import { type Resolution, resolutionOf } from "../components/resolution/resolution.ts";
import { noRegularization, type Regularization } from "../covariance/regularization.ts";
import type { Fixed } from "./fixed.ts";
import type { PointGroup } from "./point-groups.ts";
import type { Acceleration, EmptyComponentPolicy, StopRule } from "./policies.ts";
import { noPrior, type Prior } from "./prior/prior.ts";

/** The settings that EM obeys, made once from options and points; everything is in stored units. */
export interface Rules {
  readonly acceleration: Acceleration;
  readonly stopRule: StopRule;
  /** EM stops when the bound has less than this left to gain, or changed by less; 0 never stops early. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** the limits that no covariance falls below */
  readonly regularization: Regularization;
  /** how finely the points are known; decides which covariances have collapsed */
  readonly resolution: Resolution;
  readonly prior: Prior;
  readonly emptyComponent: EmptyComponentPolicy;
  /** parts of the mixture that stay as they are; null: none */
  readonly fixed: Fixed | null;
  /** groups of points that may belong to some components alone, which make up all points; null: each may belong to any */
  readonly groups: readonly PointGroup[] | null;
  /** Is the score of the last mixture wanted, where the steps know what makes it cheap? */
  readonly scored: boolean;
}

/** Plain EM: no acceleration, scikit-learn's stop rule, no regularization, no prior, empty components are kept, points in doubles. */
export function plainRules(features: number): Rules {
  return {
    acceleration: "none",
    stopRule: "change",
    tolerance: 0,
    maxIterations: Number.POSITIVE_INFINITY,
    regularization: noRegularization(features),
    resolution: resolutionOf("f64", features),
    prior: noPrior,
    emptyComponent: "keep",
    fixed: null,
    groups: null,
    scored: false,
  };
}
