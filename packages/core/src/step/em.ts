import { trianglesHere } from "../passes/components/many.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import { componentsWork } from "../passes/work.ts";
import { accelerate, retreat } from "./acceleration/acceleration.ts";
import { afterIteration, type Midway, midway } from "./convergence.ts";
import { type ListedPoints, meanLogDensity, sparesDensities } from "./densities.ts";
import { expectation } from "./expectation.ts";
import type { Iteration } from "./iteration.ts";
import { openLists } from "./lists/open.ts";
import { maximization } from "./maximization.ts";
import { inIteration } from "./numerical-failure.ts";
import type { Rules } from "./rules.ts";

/** So many flops on components take a few milliseconds, after which other work may be waiting. */
const WORK_WITHOUT_PAUSE = 2 ** 20;

/**
 * Expectation-maximisation (derivation.md §3): one E-step and one M-step per iteration, until the rules end it. With a
 * prior, it finds the mode of the posterior (§12) or does variational inference (§13). Where the rules allow it, steps
 * are made longer (§16); one that does not pay is taken back.
 * in: start, in stored units
 */
export async function* em(executor: AnyExecutor, start: Iteration, rules: Rules): AsyncGenerator<Iteration, void> {
  const { lists, close } = await openLists(executor, start.mixture, start.labels); // what a step tells the next about far pairs
  try {
    let state = start;
    while (!state.converged && state.iteration < rules.maxIterations) {
      try {
        const expected = await expectation(executor, state.mixture, rules, lists); // E, with a second look where needed
        const listed = { executor, lists };
        const reached = midway(state, expected, rules, () => trianglesHere(executor, expected.statistics.layout));
        const next = retreat(reached, rules) ?? (await nextIteration(listed, reached, rules));
        state = await scoredAtEnd(listed, next, rules);
      } catch (error) {
        throw inIteration(error, state.iteration + 1);
      }
      yield state;
    }
  } finally {
    close();
  }
}

async function nextIteration(listed: ListedPoints, midway: Midway, rules: Rules): Promise<Iteration> {
  const { before, expected } = midway;
  const long = componentsWork(before.mixture) >= WORK_WITHOUT_PAUSE;
  const pause = async () => (long ? listed.executor.pause() : undefined);
  await pause();
  const next = await maximization(listed, expected, before, rules); // M, with floor and empty components
  await pause();
  const after = afterIteration(midway, next, rules); // the bound, and whether it converged
  return accelerate(after, midway, rules, pause); // a longer step, where EM is slow
}

/** With the score of the mixture, in the last iteration, if it is asked for and there are lists, which spare work. */
async function scoredAtEnd(listed: ListedPoints, state: Iteration, rules: Rules): Promise<Iteration> {
  const isLast = state.converged || state.iteration >= rules.maxIterations;
  if (!(isLast && rules.scored && sparesDensities(listed))) return state;
  return { ...state, score: await meanLogDensity(listed, state.mixture) };
}
