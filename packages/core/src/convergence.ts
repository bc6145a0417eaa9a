import type { Iteration } from "./em.ts";
import type { Mixture } from "./mixture.ts";

export interface StopRule {
  /** Stop when the lower bound changes by less than this in an iteration; 0 never stops. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** scikit-learn's rule: the change of the mean log-likelihood between two iterations is below the tolerance. */
export function converged(bound: number, previous: number, { tolerance }: StopRule): boolean {
  return Math.abs(bound - previous) < tolerance;
}

/** The state of EM before its first iteration. */
export function startFrom(mixture: Mixture): Iteration {
  return { iteration: 0, mixture, lowerBound: Number.NEGATIVE_INFINITY, converged: false, warnings: [], redone: [] };
}
