import type { ErrorCode } from "../errors.ts";
import { fallbacks, type UsedKernel, usedKernel } from "../kernels/dispatch.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { inUnitsOfPoints } from "../mixture/units.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import { programFor } from "../passes/program.ts";
import { score } from "../passes/score.ts";
import { lowerBound } from "../statistics/sufficient-statistics.ts";
import { expectation } from "../step/expectation.ts";
import type { Iteration } from "../step/iteration.ts";
import type { Rules } from "../step/rules.ts";
import type { Warning } from "../warnings.ts";
import { dataWarnings } from "./data-warnings.ts";
import type { ResolvedFitOptions } from "./options/options.ts";
import type { LiveRestart, Restart } from "./restarts.ts";
import type { Summary } from "./summary.ts";

/** The result of a fit, with `mixture` as plain parameters. */
export interface PlainFitResult {
  /** in the units of the points */
  readonly mixture: Mixture;
  /** whether the best start met the tolerance */
  readonly converged: boolean;
  /** iterations of the best start */
  readonly iterations: number;
  /** mean log-likelihood of `mixture`; after variational inference, the evidence lower bound summed over all points */
  readonly lowerBound: number;
  /**
   * What the stop rule compared, one number for each iteration of the best start: the mean log-likelihood of the
   * mixture with which the iteration began, with a prior plus its log density (the last one again where a longer step
   * was taken back); for variational inference, the lower bound after the iteration
   */
  readonly history: readonly number[];
  /** index of the best start */
  readonly restart: number;
  readonly warnings: readonly Warning[];
  /** what the passes over all points were computed with */
  readonly kernel: UsedKernel;
  /** every start, in order */
  readonly starts: readonly FittedStart[];
}

/** What became of one start. */
export interface FittedStart {
  /** as `Fitted.history` */
  readonly history: readonly number[];
  /** whether it was left where it was, too far behind another start to overtake it */
  readonly dropped: boolean;
  /** why it could not go on */
  readonly failure?: {
    /** the code of the error */
    readonly code: ErrorCode;
    /** the message of the error */
    readonly message: string;
  };
}

/** A fit that has ended, on which its result rests. */
interface EndedFit {
  readonly best: LiveRestart;
  /** every start, in order */
  readonly restarts: readonly Restart[];
  readonly rules: Rules;
  readonly summary: Summary;
  /** whether all that was asked for has been done */
  readonly isWhole: boolean;
  /** whether the time was over before */
  readonly isLate: boolean;
}

/** The result of a fit that has ended. */
export async function fittedFrom(
  executor: AnyExecutor,
  { inference }: Pick<ResolvedFitOptions, "inference">,
  { best, restarts, rules, summary, isWhole, isLate }: EndedFit,
): Promise<PlainFitResult> {
  const { mixture, converged, iteration, lowerBound } = best.state;
  const program = programFor(executor, mixture, false);
  best.warnings.add([...dataWarnings(summary), ...fallbacks(program)], 0);
  best.warnings.add(isLate ? [{ code: "TIME_BUDGET" }] : unfinishedWarnings(best.state, rules), iteration);
  return {
    mixture: inUnitsOfPoints(mixture, executor.tiles.exponents),
    converged: converged && isWhole,
    iterations: iteration,
    lowerBound: inference === "variational" ? lowerBound : await scoreOf(executor, best.state, rules),
    history: best.history,
    restart: best.restart,
    warnings: best.warnings.list(),
    kernel: usedKernel(program),
    starts: restarts.map(({ history, dropped, failure }) => ({
      history,
      dropped,
      ...(failure && { failure: { code: failure.code, message: failure.message } }),
    })),
  };
}

/** The mean log-likelihood of all points, each under the components that it may belong to. */
async function scoreOf(executor: AnyExecutor, { mixture, score: known }: Iteration, rules: Rules): Promise<number> {
  if (known !== undefined) return known;
  if (rules.groups === null) return score(executor, mixture);
  return lowerBound((await expectation(executor, mixture, rules)).statistics);
}

/** A warning where the iterations were too few. With a tolerance of 0, that is what was asked for. */
function unfinishedWarnings({ converged, gain }: Iteration, { tolerance }: Rules): Warning[] {
  if (converged || tolerance === 0) return [];
  const change = Math.abs(gain);
  return [{ code: "NOT_CONVERGED", ...(change < Number.POSITIVE_INFINITY && { change }) }];
}
