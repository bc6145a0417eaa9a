import { type CompensatedSums, compensatedSums } from "../linear-algebra/compensated-sum.ts";
import { copyOf } from "../linear-algebra/doubles.ts";
import type { Measure } from "../statistics/frames.ts";
import type { StatisticsLayout, SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import { type AnyExecutor, type Executor, isLocal } from "./executor.ts";
import { NO_PARAMETERS, type Pass } from "./pass.ts";
import type { Slots } from "./slots.ts";
import { REDUCED_AT_ONCE } from "./tasks/reduction.ts";

/** Runs a pass whose slots are statistics, and adds those of all blocks. */
export async function passStatistics(
  executor: AnyExecutor,
  pass: Pass,
  layout: StatisticsLayout,
  measure: Measure,
): Promise<SufficientStatistics> {
  if (isLocal(executor)) return executor.run(pass, (slots) => reduce(executor, slots, layout, measure));
  const { pivots, frames } = measure;
  return { layout, pivots, frames, ...(await executor.sums(pass)) };
}

/** Adds the statistics of all blocks, whoever computed them. */
export async function reduce(
  executor: Executor,
  slots: Slots,
  layout: StatisticsLayout,
  { pivots, frames }: Measure,
): Promise<SufficientStatistics> {
  return { layout, pivots, frames, ...(await sumSlots(executor, slots)) };
}

/**
 * Adds slots by the tree of `statistics/partial-sums.ts`. This is a pass of its own over the numbers of a slot, so large
 * slots are added on all threads.
 */
export async function sumSlots(executor: Executor, slots: Slots): Promise<CompensatedSums> {
  if (slots.blocks === 1) return compensatedSums(slots.slotLength, copyOf(slots.values));
  const total = compensatedSums(slots.slotLength);
  const { sums, errors } = total;
  await executor.run({ kind: "reduction", parameters: NO_PARAMETERS, slots }, ({ values }) => {
    for (let first = 0; first < sums.length; first += REDUCED_AT_ONCE) {
      const count = Math.min(REDUCED_AT_ONCE, sums.length - first);
      sums.set(values.subarray(2 * first, 2 * first + count), first);
      errors.set(values.subarray(2 * first + REDUCED_AT_ONCE, 2 * first + REDUCED_AT_ONCE + count), first);
    }
  });
  return total;
}
