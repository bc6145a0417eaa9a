import type { Executor, Mixture } from "@emix/core";
import { logDensityUnit } from "../../packages/core/src/mixture/density.ts";
import { reduce } from "../../packages/core/src/passes/reduce.ts";
import { type Frames, framesOf, noFrames } from "../../packages/core/src/statistics/frames.ts";
import type { SufficientStatistics } from "../../packages/core/src/statistics/sufficient-statistics.ts";
import {
  addLogDensity,
  noStatistics,
  type StatisticsLayout,
  statisticsLayout,
} from "../../packages/core/src/statistics/sufficient-statistics.ts";
import { expectationPass } from "../../packages/core/src/step/expectation.ts";

/** What one pass leaves of the points under a mixture, by the rule of zero, whatever a second look would say of it. */
export async function onePass(executor: Executor, mixture: Mixture): Promise<SufficientStatistics> {
  const layout = statisticsLayout(mixture.components, mixture.features, mixture.covarianceType);
  const measure = { pivots: mixture.means, frames: framesOf(mixture) };
  const pass = expectationPass(executor, mixture, { ruleOfZero: true });
  const statistics = await executor.run(pass, (slots) => reduce(executor, slots, layout, measure));
  addLogDensity(statistics, logDensityUnit(mixture));
  return statistics;
}

/** Statistics made up for a test: a slot about pivots, which default to 0. */
export function statisticsOf(
  layout: StatisticsLayout,
  slot: ArrayLike<number>,
  pivots: ArrayLike<number> = new Float64Array(layout.components * layout.features),
  frames: Frames = noFrames(layout),
): SufficientStatistics {
  const statistics = noStatistics(layout, { pivots: Float64Array.from(pivots), frames });
  statistics.sums.set(slot);
  return statistics;
}
