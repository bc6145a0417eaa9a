import type { Mixture } from "../mixture/mixture.ts";
import type { Warning } from "../warnings.ts";

/** Where EM stands after an iteration, and all that it needs to go on. */
export interface Iteration {
  /** counted from 1; 0 is the start */
  readonly iteration: number;
  /** in stored units */
  readonly mixture: Mixture;
  /** what EM climbs (`Prior.bound`); −∞ at the start */
  readonly lowerBound: number;
  readonly converged: boolean;
  readonly warnings: readonly Warning[];
  /** components whose statistics were taken twice or more (second-look.ts) */
  readonly lookedAtAgain: readonly number[];
  /** components started anew so far */
  readonly reseeds: number;
}

/** The state of EM before its first iteration. in: a mixture in stored units */
export function startFrom(mixture: Mixture, warnings: readonly Warning[] = []): Iteration {
  return {
    iteration: 0,
    mixture,
    lowerBound: Number.NEGATIVE_INFINITY,
    converged: false,
    warnings,
    lookedAtAgain: [],
    reseeds: 0,
  };
}
