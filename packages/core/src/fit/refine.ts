import type { AnyExecutor } from "../passes/executor.ts";
import { randomStream } from "../random.ts";
import { type Iteration, startFrom } from "../step/iteration.ts";
import type { Rules } from "../step/rules.ts";
import { exchanged } from "./exchange/exchange.ts";
import { inverseDeviations } from "./exchange/metric.ts";
import { REFINING } from "./exchange/plans.ts";
import type { FitStep } from "./fit-step.ts";
import type { ResolvedFitOptions } from "./options/options.ts";
import { advance, type Restart } from "./restarts.ts";
import type { Summary } from "./summary.ts";

/**
 * Repairs a fit by exchange of components on all points, which also finds groups that are too small to show in a sample,
 * and continues EM where that gained.
 */
export async function* refine(
  executor: AnyExecutor,
  fitted: Restart & { state: Iteration },
  { seed }: Pick<ResolvedFitOptions, "seed">,
  { rules, summary }: { readonly rules: Rules; readonly summary: Summary },
): AsyncGenerator<FitStep, void> {
  const scales = inverseDeviations(summary.variances);
  const ground = { executor, rules, scales, weight: summary.weightTotal / summary.counted };
  const before = { ...fitted.state, iteration: 0 };
  const random = randomStream(seed, "refine", fitted.restart);
  const { mixture } = await exchanged(ground, before, { ...REFINING, steps: Number.POSITIVE_INFINITY }, random);
  if (mixture === before.mixture) return;
  fitted.state = { ...startFrom(mixture), iteration: fitted.state.iteration };
  fitted.ended = false;
  yield* advance(fitted, Number.POSITIVE_INFINITY);
}
