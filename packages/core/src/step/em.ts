import type { Executor } from "../passes/executor.ts";
import { afterIteration } from "./convergence.ts";
import { expectation } from "./expectation.ts";
import type { Iteration } from "./iteration.ts";
import { maximization } from "./maximization.ts";
import { inIteration } from "./numerical-failure.ts";
import type { Rules } from "./rules.ts";

/**
 * Expectation-maximisation (derivation.md §3), to the mode of a posterior or as variational inference where the prior
 * says so (§12, §13): one E-step and one M-step an iteration, until the rules say stop.
 */
export async function* em(executor: Executor, start: Iteration, rules: Rules): AsyncGenerator<Iteration, void> {
  let state = start;
  while (!state.converged && state.iteration < rules.maxIterations) {
    try {
      const expected = await expectation(executor, state.mixture, rules); // E; a second look where digits ask for it
      const next = await maximization(executor, expected, state, rules); // M; floor, empty components
      state = afterIteration(state, expected, next, rules); // the bound; converged?
    } catch (error) {
      throw inIteration(error, state.iteration + 1);
    }
    yield state;
  }
}
