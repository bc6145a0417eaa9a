import type { Prior } from "../fit/prior.ts";
import type { Mixture } from "../mixture/mixture.ts";
import type { Warning } from "../warnings.ts";
import type { Iteration } from "./em.ts";
import type { Maximum } from "./maximization.ts";
import { objective } from "./prior/objective.ts";
import type { Settled } from "./second-look.ts";

export interface StopRule {
  /** Stop when the lower bound changes by less than this in an iteration; 0 never stops. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** A fall of the likelihood beyond rounding, relative to its size. */
const FALL = 1e-9;

/** The state of EM before its first iteration. */
export function startFrom(mixture: Mixture): Iteration {
  return {
    iteration: 0,
    mixture,
    lowerBound: Number.NEGATIVE_INFINITY,
    converged: false,
    warnings: [],
    redone: [],
    reseeds: 0,
  };
}

/** scikit-learn's rule: the change of the lower bound between two iterations is below the tolerance. */
export function converged(bound: number, previous: number, { tolerance }: StopRule): boolean {
  return Math.abs(bound - previous) < tolerance;
}

/** The state after an iteration; not converged where a component was just reseeded or dropped. */
export function following(
  current: Iteration,
  estimate: Settled,
  next: Maximum,
  rule: StopRule,
  prior?: Prior,
): Iteration {
  const bound = objective(prior, current.mixture, estimate, next);
  const replaced = next.warnings.filter(({ policy }) => policy !== undefined);
  const reseeded = replaced.filter(({ policy }) => policy === "reseed");
  return {
    iteration: current.iteration + 1,
    mixture: next.mixture,
    lowerBound: bound,
    converged: replaced.length === 0 && converged(bound, current.lowerBound, rule),
    warnings: [...next.warnings, ...fallen(bound, current)],
    redone: estimate.redone,
    reseeds: current.reseeds + reseeded.length,
  };
}

function fallen(bound: number, { lowerBound: before, warnings }: Iteration): Warning[] {
  const fall = before - bound;
  if (warnings.some(({ policy }) => policy !== undefined)) return [];
  return fall > FALL * Math.abs(before) && fall < Number.POSITIVE_INFINITY ? [{ code: "NON_MONOTONE", fall }] : [];
}
