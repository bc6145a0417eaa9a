import type { Executor, Slots } from "./executor.ts";
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
  const room = () => new Float64Array(executor.allocate(layout.length * 8));
  const [sums, errors] = [room(), room()];
  await executor.run({ kind: "reduction", parameters: NONE, slots, sums, errors }, () => undefined);
  return { layout, pivots, sums, errors };
}

const NONE = new Float64Array(0);
