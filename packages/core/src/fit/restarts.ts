import type { EmixError } from "../errors.ts";
import type { Iteration } from "../step/iteration.ts";
import { inIteration, isNumerical } from "../step/numerical-failure.ts";
import { type WarningCode, WarningLog } from "../warnings.ts";
import type { FitStep } from "./fit-step.ts";

/** One of several starts, with the state of its EM and its warnings. */
export interface Restart {
  readonly restart: number;
  /** undefined if the start itself failed */
  state: Iteration | undefined;
  /** why it could not continue */
  failure: EmixError | undefined;
  readonly history: number[];
  readonly warnings: WarningLog;
}

/** Begins with a start. A numerical failure makes this restart a failed one and does not end the fit. */
export async function begin(index: number, make: () => Promise<Iteration>): Promise<Restart> {
  const warnings = new WarningLog();
  const restart: Restart = { restart: index, state: undefined, failure: undefined, history: [], warnings };
  try {
    restart.state = await make();
    warnings.add(restart.state.warnings, 0);
  } catch (error) {
    restart.failure = numericalFailure(inIteration(error, 0));
  }
  return restart;
}

/** Continues the EM of a restart for some iterations. */
export async function* advance(
  restart: Restart,
  iterate: (state: Iteration) => AsyncGenerator<Iteration, void>,
): AsyncGenerator<FitStep, void> {
  if (restart.state === undefined || restart.failure !== undefined) return;
  try {
    for await (const iteration of iterate(restart.state)) {
      restart.state = iteration;
      restart.history.push(iteration.lowerBound);
      restart.warnings.add(iteration.warnings, iteration.iteration);
      yield { restart: restart.restart, iteration: iteration.iteration, lowerBound: iteration.lowerBound };
    }
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
export function bestOf(restarts: readonly Restart[]): Restart & { state: Iteration } {
  const alive = restarts.filter((restart): restart is Restart & { state: Iteration } => restart.failure === undefined);
  if (alive.length === 0) throw restarts[0].failure;
  const sound = alive.filter(({ state }) => !isFloored(state));
  const ranked = sound.length > 0 ? sound : alive;
  return ranked.reduce((a, b) => (b.state.lowerBound > a.state.lowerBound ? b : a));
}
