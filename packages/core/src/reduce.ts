import type { Executor, Slots } from "./executor.ts";
import { REDUCED_AT_ONCE } from "./passes/reduction.ts";
import type { StatisticsLayout, SufficientStatistics } from "./sufficient-statistics.ts";

/**
 * Merges the statistics of all blocks in the order of the blocks, whoever computed them. A pass of its own over the
 * numbers of a slot, so that many blocks of many components are merged on all threads.
 */
export async function reduce(
  executor: Executor,
  slots: Slots,
  layout: StatisticsLayout,
  pivots: Float64Array,
): Promise<SufficientStatistics> {
  const sums = new Float64Array(layout.length);
  const errors = new Float64Array(layout.length);
  await executor.run({ kind: "reduction", parameters: NONE, slots }, ({ values }) => {
    for (let first = 0; first < sums.length; first += REDUCED_AT_ONCE) {
      const count = Math.min(REDUCED_AT_ONCE, sums.length - first);
      sums.set(values.subarray(2 * first, 2 * first + count), first);
      errors.set(values.subarray(2 * first + REDUCED_AT_ONCE, 2 * first + REDUCED_AT_ONCE + count), first);
    }
  });
  return { layout, pivots, sums, errors };
}

const NONE = new Float64Array(0);
