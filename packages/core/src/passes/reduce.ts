import type { Measure } from "../statistics/frames.ts";
import { noStatistics, type StatisticsLayout, type SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import type { Executor } from "./executor.ts";
import { NO_PARAMETERS } from "./pass.ts";
import type { Slots } from "./slots.ts";
import { REDUCED_AT_ONCE } from "./tasks/reduction.ts";

/**
 * Adds the statistics of all blocks by the tree of `statistics/partial-sums.ts`, whoever computed them. This is a pass of
 * its own over the numbers of a slot, so large slots are added on all threads.
 */
export async function reduce(
  executor: Executor,
  slots: Slots,
  layout: StatisticsLayout,
  measure: Measure,
): Promise<SufficientStatistics> {
  const statistics = noStatistics(layout, measure);
  const { sums, errors } = statistics;
  await executor.run({ kind: "reduction", parameters: NO_PARAMETERS, slots }, ({ values }) => {
    for (let first = 0; first < sums.length; first += REDUCED_AT_ONCE) {
      const count = Math.min(REDUCED_AT_ONCE, sums.length - first);
      sums.set(values.subarray(2 * first, 2 * first + count), first);
      errors.set(values.subarray(2 * first + REDUCED_AT_ONCE, 2 * first + REDUCED_AT_ONCE + count), first);
    }
  });
  return statistics;
}
