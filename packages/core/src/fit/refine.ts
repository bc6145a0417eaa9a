import type { AnyExecutor } from "../passes/executor.ts";
import { randomStream } from "../random.ts";
import { startFrom } from "../step/iteration.ts";
import type { Rules } from "../step/rules.ts";
import { exchangeComponents } from "./exchange/exchange.ts";
import { inverseDeviations } from "./exchange/metric.ts";
import { REFINING } from "./exchange/plans.ts";
import type { FitStep } from "./fit-step.ts";
import type { ResolvedFitOptions } from "./options/options.ts";
import type { Standing } from "./race/standing.ts";
import { advance, type LiveRestart, type Stop } from "./restarts.ts";
import type { Summary } from "./summary.ts";

/** What a repair on all points needs to know. */
interface RefineContext {
  readonly rules: Rules;
  readonly summary: Summary;
  readonly stop: Stop;
}

/**
 * Repairs a fit by exchange of components on all points, which also finds groups that are too small to show in a sample,
 * and continues EM where that gained.
 */
export async function* refine(
  executor: AnyExecutor,
  { standing, fitted }: { readonly standing: Standing; readonly fitted: LiveRestart },
  { seed }: Pick<ResolvedFitOptions, "seed">,
  { rules, summary, stop }: RefineContext,
): AsyncGenerator<FitStep, void> {
  if (!standing.refined) {
    const scales = inverseDeviations(summary.variances);
    const context = { executor, rules, scales, weight: summary.weightTotal / summary.counted };
    const before = { ...fitted.state, iteration: 0 };
    const random = randomStream(seed, "refine", fitted.restart);
    const { mixture } = await exchangeComponents(
      context,
      before,
      { ...REFINING, steps: Number.POSITIVE_INFINITY },
      random,
    );
    standing.refined = true;
    if (mixture === before.mixture) return;
    fitted.state = { ...startFrom(mixture), iteration: fitted.state.iteration };
    fitted.ended = false;
  }
  yield* advance(fitted, Number.POSITIVE_INFINITY, stop);
}
