import type { Frames } from "../statistics/frames.ts";
import { type StatisticsLayout, type SufficientStatistics, zero } from "../statistics/sufficient-statistics.ts";
import type { Executor, Slots } from "./executor.ts";
import { REDUCED_AT_ONCE } from "./reduction.ts";

/**
 * Merges the statistics of all blocks in the order of the blocks, whoever computed them. A pass of its own over the
 * numbers of a slot, so that many blocks of many components are merged on all threads.
 */
export async function reduce(
  executor: Executor,
  slots: Slots,
  layout: StatisticsLayout,
  pivots: Float64Array,
  frames?: Frames,
): Promise<SufficientStatistics> {
  const statistics = zero(layout, pivots, frames, executor.tiles.exponents);
  const { sums, errors } = statistics;
  await executor.run({ kind: "reduction", parameters: NONE, slots }, ({ values }) => {
    for (let first = 0; first < sums.length; first += REDUCED_AT_ONCE) {
      const count = Math.min(REDUCED_AT_ONCE, sums.length - first);
      sums.set(values.subarray(2 * first, 2 * first + count), first);
      errors.set(values.subarray(2 * first + REDUCED_AT_ONCE, 2 * first + REDUCED_AT_ONCE + count), first);
    }
  });
  return statistics;
}

const NONE = new Float64Array(0);
