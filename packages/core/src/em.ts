import { converged, type StopRule } from "./convergence.ts";
import { type Regularization, unregularized } from "./covariance/regularization.ts";
import type { Executor } from "./executor.ts";
import { estimation } from "./expectation.ts";
import { maximum } from "./maximization.ts";
import type { Mixture } from "./mixture.ts";
import { lowerBound } from "./sufficient-statistics.ts";
import type { Warning } from "./warnings.ts";

/** Where EM stands after an iteration, and all that it needs to go on. */
export interface Iteration {
  /** counted from 1; 0 is the start */
  readonly iteration: number;
  readonly mixture: Mixture;
  /** mean log-likelihood of the mixture that this iteration began with; -∞ at the start */
  readonly lowerBound: number;
  readonly converged: boolean;
  readonly warnings: readonly Warning[];
  /** components whose statistics were taken twice or more (redo.ts) */
  readonly redone: readonly number[];
}

/** Expectation-maximisation (derivation.md §3): one E-step and one M-step an iteration, until the rule says stop. */
export async function* em(
  executor: Executor,
  start: Iteration,
  rule: StopRule,
  regularization: Regularization = unregularized(executor.tiles.features),
): AsyncGenerator<Iteration, void> {
  let current = start;
  while (!current.converged && current.iteration < rule.maxIterations) {
    const estimate = await estimation(executor, current.mixture, regularization);
    const { mixture, warnings } = maximum(estimate, regularization, current.mixture);
    const bound = lowerBound(estimate.statistics);
    current = {
      iteration: current.iteration + 1,
      mixture,
      lowerBound: bound,
      converged: converged(bound, current.lowerBound, rule),
      warnings,
      redone: estimate.redone,
    };
    yield current;
  }
}
