import { addExactly } from "../sufficient-statistics.ts";
import type { BlockTask, ReductionPass } from "./pass.ts";

/** Numbers whose sums and errors stay in the first-level cache while the slots stream by. */
export const REDUCED_AT_ONCE = 1024;

/** The numbers [first, end) of all slots, added in the order of the slots. out: sums and errors, from 0 */
export function reduction({ slots, sums, errors }: ReductionPass): BlockTask {
  return (first, end) => {
    sums.fill(0, first, end);
    errors.fill(0, first, end);
    for (let slot = 0; slot < slots.blocks; slot++) {
      addExactly(sums, errors, slots.values, slot * slots.slotLength, first, end);
    }
  };
}
