import { type CompensatedSums, compensatedSums } from "../linear-algebra/compensated-sum.ts";
import { copyOf } from "../linear-algebra/doubles.ts";
import type { Measure } from "../statistics/frames.ts";
import { HEAD, rowLayout } from "../statistics/rows.ts";
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
  const { pivots, frames } = measure;
  return { layout, pivots, frames, ...(await passSums(executor, pass, layout)) };
}

function passSums(executor: AnyExecutor, pass: Pass, layout: StatisticsLayout): Promise<CompensatedSums> {
  if (!isLocal(executor)) return executor.sums(pass);
  const rows = pass.kind === "expectation" || pass.kind === "labelled" ? pass.rows : undefined;
  if (rows === undefined) return executor.run(pass, (slots) => sumSlots(executor, slots));
  return executor.run(pass, (heads) => sumRows(executor, heads, rows, layout));
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

/** Adds rows component by component, on all threads. in: heads and rows of all blocks (statistics/rows.ts) */
async function sumRows(
  executor: Executor,
  heads: Slots,
  values: Float64Array,
  layout: StatisticsLayout,
): Promise<CompensatedSums> {
  const { length, components } = layout;
  const counts = Int32Array.from({ length: heads.blocks }, (_, b) => heads.values[b * heads.slotLength + HEAD.rows]);
  const rows = { values, counts, components, rowLength: rowLayout(layout).length };
  const whole = await sumSlots(executor, heads);
  return executor.lend(16 * length, async (memory) => {
    const total = { sums: new Float64Array(memory, 0, length), errors: new Float64Array(memory, 8 * length, length) };
    await executor.run({ kind: "rows", parameters: NO_PARAMETERS, layout, rows, total }, () => undefined);
    for (const part of ["sums", "errors"] as const) total[part].set(whole[part].subarray(0, layout.responsibilitySums));
    return { sums: total.sums.slice(), errors: total.errors.slice() };
  });
}
