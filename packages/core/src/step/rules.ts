import { noRegularization, type Regularization } from "../covariance/regularization.ts";
import type { EmptyComponentPolicy } from "./empty-component-policy.ts";
import { noPrior, type Prior } from "./prior/prior.ts";
import { type Resolution, resolutionOf } from "./resolution.ts";

/** What EM goes by, made once from options and points; all in the units of stored points. */
export interface Rules {
  /** Stop when the bound changes by less than this in an iteration; 0 never stops. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** what no covariance falls below */
  readonly regularization: Regularization;
  /** below which a covariance has collapsed */
  readonly resolution: Resolution;
  readonly prior: Prior;
  readonly emptyComponent: EmptyComponentPolicy;
}

/** Plain EM: no regularization, no prior, empty components stay; points in doubles. */
export function plainRules(features: number): Rules {
  return {
    tolerance: 0,
    maxIterations: Number.POSITIVE_INFINITY,
    regularization: noRegularization(features),
    resolution: resolutionOf("f64", features),
    prior: noPrior,
    emptyComponent: "keep",
  };
}
