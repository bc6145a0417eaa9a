import { addStatistics } from "../../statistics/sufficient-statistics.ts";
import type { BlockTask, ReductionPass } from "../pass.ts";

/** So many sums and errors stay in the first-level cache while the slots stream by. */
export const REDUCED_AT_ONCE = 1024;

/** Adds the numbers [first, end) of all slots, in the order of the slots. out: their sums, then their errors */
export function reduction({ slots }: ReductionPass): BlockTask {
  const { values, blocks, slotLength } = slots;
  return (first, end, slot) => {
    const sums = slot.subarray(0, end - first);
    const errors = slot.subarray(REDUCED_AT_ONCE, REDUCED_AT_ONCE + end - first);
    sums.fill(0);
    errors.fill(0);
    for (let block = 0; block < blocks; block++) addStatistics({ sums, errors }, values, block * slotLength + first);
  };
}
