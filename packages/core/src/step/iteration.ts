import type { Mixture } from "../mixture/mixture.ts";
import type { Warning } from "../warnings.ts";
import type { Course } from "./acceleration/course.ts";
import type { Pair } from "./acceleration/curvature.ts";

/** The state of EM after an iteration, with all that it needs to continue. */
export interface Iteration {
  /** counted from 1; 0 is the start */
  readonly iteration: number;
  /** in stored units */
  readonly mixture: Mixture;
  /** the number that EM increases (`Prior.bound`); −∞ at the start */
  readonly lowerBound: number;
  /** how much it gained in the last iteration; ∞ where there is none before */
  readonly gain: number;
  readonly converged: boolean;
  /** what longer steps are made from; null where EM takes only its own steps */
  readonly course: Course | null;
  readonly warnings: readonly Warning[];
  /** components that were measured more than once (second-look.ts) */
  readonly lookedAtAgain: readonly number[];
  /** ⌈n/B⌉·B: a component that each point is near to, where a start knows it: lists of pairs begin with them */
  readonly labels?: Int32Array;
  /** how many components were reseeded so far */
  readonly reseeds: number;
  /** the mean log-likelihood of the mixture, in the units of the points, where the last iteration found it (`Rules.scored`) */
  readonly score?: number;
}

/** The state of EM before its first iteration. in: a mixture in stored units; pairs, curvature that is known about it */
export function startFrom(mixture: Mixture, warnings: readonly Warning[] = [], pairs: readonly Pair[] = []): Iteration {
  return {
    iteration: 0,
    mixture,
    lowerBound: Number.NEGATIVE_INFINITY,
    gain: Number.POSITIVE_INFINITY,
    converged: false,
    course: pairs.length === 0 ? null : { pairs, promise: Number.POSITIVE_INFINITY, leap: null },
    warnings,
    lookedAtAgain: [],
    reseeds: 0,
  };
}
