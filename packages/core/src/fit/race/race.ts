import { interleave } from "../concurrency/interleave.ts";
import type { FitStep } from "../fit-step.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { advance, bestOf, isFloored, isUnderWay, type LiveRestart, type Restart, type Stop } from "../restarts.ts";
import type { Standing } from "./standing.ts";

/**
 * The iteration after which starts are first compared, with each other and with a goal, and how much later each next
 * comparison is.
 */
const FIRST_COMPARISON = 10;
const FIRST_WITH_GOAL = 4;
const GROWTH = 1.25;
/** A start is dropped if it lies farther behind than this multiple of its recent gain. */
const REACH = 3;

type RaceOptions = Pick<ResolvedFitOptions, "restartStrategy" | "goal">;

/** The iteration after which the starts are first compared; ∞ where none is dropped. in: starts, how many */
export function firstComparison(starts: number, { restartStrategy, goal }: RaceOptions): number {
  if (restartStrategy === "race" && starts > 1) return FIRST_COMPARISON;
  return goal > Number.NEGATIVE_INFINITY ? FIRST_WITH_GOAL : Number.POSITIVE_INFINITY;
}

/**
 * Runs all starts to their ends, or until they are dropped. A start whose recent gain cannot close the gap to the best,
 * or to the goal, is dropped; starts are compared only when all have taken the same number of iterations, so timing
 * decides nothing.
 * in: atOnce, how many may run side by side
 */
export async function* race(
  standing: Standing,
  { restartStrategy, goal }: RaceOptions,
  atOnce: number,
  stop: Stop,
): AsyncGenerator<FitStep, void> {
  const { restarts } = standing;
  const isRace = restartStrategy === "race" && restarts.length > 1;
  for (let running = restarts.filter(isUnderWay); running.length > 0; running = running.filter(isUnderWay)) {
    yield* interleave(
      running.map((restart) => advance(restart, standing.compareAt, stop)),
      atOnce,
    );
    if (stop()) return;
    if (isRace) dropBehindBest(restarts);
    for (const restart of restarts)
      restart.dropped ||= isUnderWay(restart) && goal - boundOf(restart) > reachOf(restart);
    standing.compareAt = Math.ceil(standing.compareAt * GROWTH);
  }
}

/** Drops every start that lies too far behind the best. */
function dropBehindBest(restarts: readonly Restart[]): void {
  if (restarts.every(({ failure }) => failure !== undefined)) return;
  const best = bestOf(restarts);
  for (const restart of restarts.filter(isUnderWay)) {
    if (restart !== best && isHopeless(restart, best)) restart.dropped = true;
  }
}

/** A start with a floored component cannot win while one without is in the race. */
function isHopeless(restart: Restart, best: LiveRestart): boolean {
  const { state } = restart;
  if (state !== undefined && isFloored(state) && !isFloored(best.state)) return true;
  return best.state.lowerBound - boundOf(restart) > reachOf(restart);
}

function boundOf({ history }: Restart): number {
  return history[history.length - 1];
}

/** How much a start may still gain, judged by the second half of its iterations. */
function reachOf(restart: Restart): number {
  const { history } = restart;
  return REACH * (boundOf(restart) - history[Math.floor((history.length - 1) / 2)]);
}
