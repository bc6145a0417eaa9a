import type { Slots } from "./executor.ts";
import type { Frames } from "./frames.ts";
import { accumulate, type StatisticsLayout, type SufficientStatistics, zero } from "./sufficient-statistics.ts";
import type { Exponents } from "./units.ts";

/** Merges the statistics of all blocks in the order of the blocks, whoever computed them. */
export function reduce(
  slots: Slots,
  layout: StatisticsLayout,
  pivots: Float64Array,
  frames?: Frames,
  exponents?: Exponents,
): SufficientStatistics {
  const statistics = zero(layout, pivots, frames, exponents);
  for (let block = 0; block < slots.blocks; block++) accumulate(statistics, slots.values, block * slots.slotLength);
  return statistics;
}
