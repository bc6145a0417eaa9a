import { type Regularization, unregularized } from "../covariance/regularization.ts";
import type { Prior } from "../fit/prior.ts";
import type { Mixture } from "../mixture/mixture.ts";
import type { Executor } from "../passes/executor.ts";
import type { Warning } from "../warnings.ts";
import { following, type StopRule } from "./convergence.ts";
import { populated } from "./empty-component.ts";
import type { EmptyComponentPolicy } from "./empty-component-policy.ts";
import { estimation } from "./expectation.ts";
import { inIteration } from "./numerical-failure.ts";

/** Where EM stands after an iteration, and all that it needs to go on. */
export interface Iteration {
  /** counted from 1; 0 is the start */
  readonly iteration: number;
  readonly mixture: Mixture;
  /** what EM climbs (prior/objective.ts): mean log-likelihood of the mixture that this iteration began with; −∞ at the start */
  readonly lowerBound: number;
  readonly converged: boolean;
  readonly warnings: readonly Warning[];
  /** components whose statistics were taken twice or more (redo.ts) */
  readonly redone: readonly number[];
  /** components started anew so far */
  readonly reseeds: number;
}

/**
 * Expectation-maximisation (derivation.md §3), to the mode of a posterior or as variational inference where a prior says
 * so (§12, §13): one E-step and one M-step an iteration, until the rule says stop.
 */
export async function* em(
  executor: Executor,
  start: Iteration,
  rule: StopRule,
  regularization: Regularization = unregularized(executor.tiles.features),
  emptyComponent: EmptyComponentPolicy = "keep",
  prior?: Prior,
): AsyncGenerator<Iteration, void> {
  let current = start;
  while (!current.converged && current.iteration < rule.maxIterations) {
    try {
      const estimate = await estimation(executor, current.mixture, regularization, prior);
      const next = await populated(executor, estimate, regularization, current, emptyComponent);
      current = following(current, estimate, next, rule, prior);
    } catch (error) {
      throw inIteration(error, current.iteration + 1);
    }
    yield current;
  }
}
