import type { Warning } from "../warnings.ts";
import type { Iteration } from "./iteration.ts";
import type { Maximum } from "./maximum.ts";
import type { Rules } from "./rules.ts";
import type { Expectation } from "./second-look.ts";

/** A fall of the likelihood, relative to its size, that is too large for rounding in doubles. */
const FALL = 1e-9;

/** scikit-learn's rule: the lower bound changed by less than the tolerance between two iterations. */
export function converged(bound: number, previous: number, { tolerance }: Pick<Rules, "tolerance">): boolean {
  return Math.abs(bound - previous) < tolerance;
}

/** The state after an iteration. EM has not converged if a component was just reseeded or dropped. */
export function afterIteration(current: Iteration, expected: Expectation, next: Maximum, rules: Rules): Iteration {
  const bound = rules.prior.bound(current.mixture, expected, next);
  const replaced = next.warnings.filter(({ policy }) => policy !== undefined);
  const reseeded = replaced.filter(({ policy }) => policy === "reseed");
  return {
    iteration: current.iteration + 1,
    mixture: next.mixture,
    lowerBound: bound,
    converged: replaced.length === 0 && converged(bound, current.lowerBound, rules),
    warnings: [...next.warnings, ...fallBelow(current, bound)],
    lookedAtAgain: expected.lookedAtAgain,
    reseeds: current.reseeds + reseeded.length,
  };
}

/** A warning if the bound fell, unless a component was just replaced. */
function fallBelow({ lowerBound: before, warnings }: Iteration, bound: number): Warning[] {
  const fall = before - bound;
  if (warnings.some(({ policy }) => policy !== undefined)) return [];
  return fall > FALL * Math.abs(before) && fall < Number.POSITIVE_INFINITY ? [{ code: "NON_MONOTONE", fall }] : [];
}
