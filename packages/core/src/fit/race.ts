import type { Iteration } from "../step/iteration.ts";
import type { FitStep } from "./fit-step.ts";
import { interleave } from "./interleave.ts";
import type { ResolvedFitOptions } from "./options/options.ts";
import { advance, bestOf, isFloored, isUnderWay, type Restart } from "./restarts.ts";

/** The iteration after which starts are first compared, and how much later each next comparison is. */
const FIRST_COMPARISON = 10;
const GROWTH = 1.25;
/** A start is dropped if it lies farther behind the best than so many times what it gained lately. */
const REACH = 3;

/**
 * Runs all starts to their ends, or until they are dropped. A start whose recent gain cannot close the gap to the best
 * is dropped; starts are compared only when all have taken the same number of iterations, so timing decides nothing.
 * in: atOnce, how many may run side by side
 */
export async function* race(
  restarts: readonly Restart[],
  { restartStrategy }: Pick<ResolvedFitOptions, "restartStrategy">,
  atOnce: number,
): AsyncGenerator<FitStep, void> {
  const drops = restartStrategy === "race" && restarts.length > 1;
  let iterations = drops ? FIRST_COMPARISON : Number.POSITIVE_INFINITY;
  for (let running = restarts.filter(isUnderWay); running.length > 0; running = running.filter(isUnderWay)) {
    yield* interleave(
      running.map((restart) => advance(restart, iterations)),
      atOnce,
    );
    if (drops) dropHopeless(restarts);
    iterations = Math.ceil(iterations * GROWTH);
  }
}

/** Drops every start that lies too far behind the best. */
function dropHopeless(restarts: readonly Restart[]): void {
  if (restarts.every(({ failure }) => failure !== undefined)) return;
  const best = bestOf(restarts);
  for (const restart of restarts.filter(isUnderWay)) {
    if (restart !== best && isHopeless(restart, best)) restart.dropped = true;
  }
}

/** A start with a floored component cannot win while one without is in the race. */
function isHopeless({ state, history }: Restart, best: Restart & { state: Iteration }): boolean {
  if (state !== undefined && isFloored(state) && !isFloored(best.state)) return true;
  return best.state.lowerBound - history[history.length - 1] > REACH * recentGain(history);
}

/** What the bound gained over the second half of its iterations. */
function recentGain(history: readonly number[]): number {
  const last = history.length - 1;
  return history[last] - history[Math.floor(last / 2)];
}
