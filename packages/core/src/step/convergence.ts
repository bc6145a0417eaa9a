import type { Mixture } from "../mixture/mixture.ts";
import type { Warning } from "../warnings.ts";
import type { Iteration } from "./iteration.ts";
import type { Maximum } from "./maximum.ts";
import type { FindMany } from "./prior/prior.ts";
import type { Rules } from "./rules.ts";
import type { Expectation } from "./second-look.ts";

/** A fall of the likelihood, relative to its size, that is too large for rounding in doubles. */
const FALL = 1e-9;

/** A gain of so little, relative to the bound, is rounding. */
const ROUNDING = 1e-13;

/** The bound after an iteration, and its gain. */
export type Climb = Pick<Iteration, "lowerBound" | "gain">;

/**
 * "change" is scikit-learn's rule: the lower bound changed by less than the tolerance. "remaining" also asks whether
 * the gains that would still come are less, all together; a change that is only rounding always counts as converged.
 */
export function hasConverged(
  { lowerBound, gain }: Climb,
  previous: Climb,
  { stopRule, tolerance }: Pick<Rules, "stopRule" | "tolerance">,
): boolean {
  const change = Math.abs(gain);
  if (!(change < tolerance)) return false;
  const rounding = ROUNDING * Math.max(1, Math.abs(lowerBound));
  return stopRule === "change" || change < rounding || remainingGain(change, Math.abs(previous.gain)) < tolerance;
}

/** What gains that shrink by the same ratio add up to (derivation.md eq. 42); ∞ where none shrank yet. */
function remainingGain(change: number, before: number): number {
  const shrinks = change < before && before < Number.POSITIVE_INFINITY;
  return shrinks ? (change * change) / (before - change) : Number.POSITIVE_INFINITY;
}

/** An iteration after its E-step. */
export interface Midway {
  /** how it began */
  readonly before: Iteration;
  readonly expected: Expectation;
  /** the bound of the mixture with which it began; null in variational inference, where the next one has it */
  readonly bound: number | null;
}

/** in: many, for the prior of many components */
export function midway(before: Iteration, expected: Expectation, { prior: { bound } }: Rules, many?: FindMany): Midway {
  return { before, expected, bound: bound.of === "began" ? bound.at(before.mixture, expected, many) : null };
}

/** The state after an iteration. EM has not converged if a component was just reseeded or dropped. */
export function afterIteration({ before, expected, ...midway }: Midway, next: Maximum, rules: Rules): Iteration {
  const bound = midway.bound ?? boundOf(before.mixture, expected, next, rules);
  const climb = { lowerBound: bound, gain: bound - before.lowerBound };
  const replaced = next.warnings.filter(({ policy }) => policy !== undefined);
  const reseeded = replaced.filter(({ policy }) => policy === "reseed");
  return {
    iteration: before.iteration + 1,
    mixture: next.mixture,
    ...climb,
    converged: replaced.length === 0 && hasConverged(climb, before, rules),
    course: before.course,
    warnings: [...next.warnings, ...fallBelow(before, bound)],
    lookedAtAgain: expected.lookedAtAgain,
    reseeds: before.reseeds + reseeded.length,
  };
}

function boundOf(began: Mixture, expected: Expectation, next: Maximum, { prior: { bound } }: Rules): number {
  return bound.of === "next" ? bound.at(began, expected, next) : bound.at(began, expected);
}

/** A warning if the bound fell, unless a component was just replaced. */
function fallBelow({ lowerBound: before, warnings }: Iteration, bound: number): Warning[] {
  if (warnings.some(({ policy }) => policy !== undefined)) return [];
  return falls(before, bound) ? [{ code: "NON_MONOTONE", fall: before - bound }] : [];
}

/** Is a bound lower than the one before, by more than rounding? */
export function falls(before: number, bound: number): boolean {
  const fall = before - bound;
  return fall > FALL * Math.abs(before) && fall < Number.POSITIVE_INFINITY;
}
