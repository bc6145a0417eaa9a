import type { EmixError } from "../errors.ts";
import { startFrom } from "../step/convergence.ts";
import type { Iteration } from "../step/em.ts";
import type { Maximum } from "../step/maximization.ts";
import { inIteration, isNumerical } from "../step/numerical-failure.ts";
import { type WarningCode, WarningLog } from "../warnings.ts";
import type { FitStep } from "./fit.ts";

/** A start under way: where its EM stands, and what it has told. */
export interface Run {
  readonly restart: number;
  /** undefined where the start itself failed */
  state: Iteration | undefined;
  /** why it could not go on */
  failure: EmixError | undefined;
  readonly history: number[];
  readonly warnings: WarningLog;
}

/** Makes a start; one that fails by its numbers is a failed run, no failure of the fit. */
export async function begin(restart: number, make: () => Promise<Maximum>): Promise<Run> {
  const warnings = new WarningLog();
  const run: Run = { restart, state: undefined, failure: undefined, history: [], warnings };
  try {
    const start = await make();
    warnings.add(start.warnings, 0);
    run.state = { ...startFrom(start.mixture), warnings: start.warnings };
  } catch (error) {
    run.failure = numericalFailure(inIteration(error, 0));
  }
  return run;
}

/** Takes a run on by iterations of its EM. */
export async function* advance(
  run: Run,
  iterate: (state: Iteration) => AsyncGenerator<Iteration, void>,
): AsyncGenerator<FitStep, void> {
  if (run.state === undefined || run.failure !== undefined) return;
  try {
    for await (const iteration of iterate(run.state)) {
      run.state = iteration;
      run.history.push(iteration.lowerBound);
      run.warnings.add(iteration.warnings, iteration.iteration);
      yield { restart: run.restart, iteration: iteration.iteration, lowerBound: iteration.lowerBound };
    }
  } catch (error) {
    run.failure = numericalFailure(error);
  }
}

/** What one start runs into, another may not. */
function numericalFailure(error: unknown): EmixError {
  if (isNumerical(error)) return error;
  throw error;
}

/** What makes a likelihood: data, or a floor. */
const FLOORED: ReadonlySet<WarningCode> = new Set(["SINGULAR_COVARIANCE", "COLLAPSED_COMPONENT"]);

/**
 * The run with the greatest lower bound, the first of a tie. Those with a floored or collapsed component come after all
 * without: their likelihood is of the floor's making.
 * @throws the failure of the first run when all have failed
 */
export function bestOf(runs: readonly Run[]): Run & { state: Iteration } {
  const alive = runs.filter((run): run is Run & { state: Iteration } => run.failure === undefined);
  if (alive.length === 0) throw runs[0].failure;
  const sound = alive.filter(({ state }) => !state.warnings.some(({ code }) => FLOORED.has(code)));
  const ranked = sound.length > 0 ? sound : alive;
  return ranked.reduce((a, b) => (b.state.lowerBound > a.state.lowerBound ? b : a));
}
