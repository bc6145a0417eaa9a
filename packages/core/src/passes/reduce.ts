import { type CompensatedSums, compensatedSums } from "../linear-algebra/compensated-sum.ts";
import type { Measure } from "../statistics/frames.ts";
import type { StatisticsLayout, SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import { type Executor, isLocal, type LocalExecutor } from "./executor.ts";
import { NO_PARAMETERS, type Pass } from "./pass.ts";
import type { Slots } from "./slots.ts";
import { REDUCED_AT_ONCE } from "./tasks/reduction.ts";

/** Runs a pass whose slots are statistics, and adds those of all blocks. */
export async function passStatistics(
  executor: Executor,
  pass: Pass,
  layout: StatisticsLayout,
  { pivots, frames }: Measure,
): Promise<SufficientStatistics> {
  const sums = await (isLocal(executor) ? sumBlocks(executor, pass) : executor.sums(pass));
  return { layout, pivots, frames, ...sums };
}

/** Runs a pass, and adds the slots of all blocks. */
function sumBlocks(executor: LocalExecutor, pass: Pass): Promise<CompensatedSums> {
  return executor.run(pass, (slots) => reduce(executor, slots));
}

/**
 * Adds the slots of all blocks by the tree of `statistics/partial-sums.ts`, whoever computed them. This is a pass of its
 * own over the numbers of a slot, so large slots are added on all threads.
 */
export async function reduce(executor: LocalExecutor, slots: Slots): Promise<CompensatedSums> {
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
