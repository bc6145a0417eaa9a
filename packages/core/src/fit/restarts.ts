import type { EmixError } from "../errors.ts";
import type { Iteration } from "../step/iteration.ts";
import { inIteration, isNumerical } from "../step/numerical-failure.ts";
import { type WarningCode, WarningLog } from "../warnings.ts";
import type { FitStep } from "./fit-step.ts";

/** Continues from a state, one iteration after the other, to the end. */
export type Iterate = (state: Iteration) => AsyncGenerator<Iteration, void>;

/** One of several starts, with the state of its EM and its warnings. */
export interface Restart {
  readonly restart: number;
  /** undefined if the start itself failed */
  state: Iteration | undefined;
  /** continues from a state */
  readonly iterate: Iterate;
  /** true: it has no more iterations to take */
  ended: boolean;
  /** true: others are so far ahead that it waits */
  dropped: boolean;
  /** why it could not continue */
  failure: EmixError | undefined;
  readonly history: number[];
  readonly warnings: WarningLog;
}

/** A restart whose start could be made. */
export type LiveRestart = Restart & { state: Iteration };

/** Should the fit end with the best result so far? Asked after every iteration. */
export type Stop = () => boolean;

export const never: Stop = () => false;

/** A start that is not made, because there is no time. */
export function skippedRestart(index: number, iterate: Iterate): Restart {
  const nothing = { state: undefined, ended: false, failure: undefined, history: [], warnings: new WarningLog() };
  return { restart: index, ...nothing, iterate, dropped: true };
}

/** Begins with a start. A numerical failure makes this restart a failed one and does not end the fit. */
export async function begin(index: number, make: () => Promise<Iteration>, iterate: Iterate): Promise<Restart> {
  const restart: Restart = { ...skippedRestart(index, iterate), dropped: false };
  try {
    restart.state = await make();
    restart.warnings.add(restart.state.warnings, 0);
  } catch (error) {
    restart.failure = numericalFailure(inIteration(error, 0));
  }
  return restart;
}

/** Could it take more iterations, and is it meant to? */
export function isUnderWay({ state, failure, ended, dropped }: Restart): boolean {
  return state !== undefined && failure === undefined && !ended && !dropped;
}

/**
 * Continues the EM of a restart until it has taken `iterations` iterations, or one if it is time to stop. Between two calls it
 * holds no memory.
 */
export async function* advance(
  restart: Restart,
  iterations: number,
  stop: Stop = never,
): AsyncGenerator<FitStep, void> {
  const isOver = () => restart.history.length >= iterations || (restart.history.length > 0 && stop());
  if (restart.state === undefined || restart.failure !== undefined || restart.ended || isOver()) return;
  try {
    for await (const next of restart.iterate(restart.state)) {
      restart.state = next;
      restart.history.push(next.lowerBound);
      restart.warnings.add(next.warnings, next.iteration);
      yield { restart: restart.restart, iteration: next.iteration, lowerBound: next.lowerBound };
      if (isOver()) return;
    }
    restart.ended = true;
  } catch (error) {
    restart.failure = numericalFailure(error);
  }
}

/** A numerical failure of one start, which others may not meet; any other error is thrown. */
function numericalFailure(error: unknown): EmixError {
  if (isNumerical(error)) return error;
  throw error;
}

/** Warnings of restarts whose likelihood is owed to a floor. */
const FLOORED: ReadonlySet<WarningCode> = new Set(["SINGULAR_COVARIANCE", "COLLAPSED_COMPONENT"]);

/** Does the mixture owe its likelihood to a floor? */
export function isFloored({ warnings }: Pick<Iteration, "warnings">): boolean {
  return warnings.some(({ code }) => FLOORED.has(code));
}

/**
 * The restart with the greatest lower bound, the first of a tie. Restarts with a floored or collapsed component come
 * after all others, because the floor makes their likelihood.
 * @throws the failure of the first restart if all have failed
 */
export function bestOf(restarts: readonly Restart[]): LiveRestart {
  const alive = restarts.filter(
    (restart): restart is LiveRestart => restart.failure === undefined && restart.state !== undefined,
  );
  if (alive.length === 0) throw restarts[0].failure;
  const sound = alive.filter(({ state }) => !isFloored(state));
  const ranked = sound.length > 0 ? sound : alive;
  return ranked.reduce((a, b) => (b.state.lowerBound > a.state.lowerBound ? b : a));
}
