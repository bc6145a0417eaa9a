import { reduceNode } from "../../statistics/partial-sums.ts";
import type { BlockTask, ReductionPass } from "../pass.ts";

/** This many sums and errors stay in the first-level cache while the slots stream by. */
export const REDUCED_AT_ONCE = 1024;

/** Adds the numbers [first, end) of all slots, by the tree of blocks. out: their sums, then their errors */
export function reduction({ slots }: ReductionPass): BlockTask {
  return (first, end, slot) => {
    const sums = slot.subarray(0, end - first);
    const errors = slot.subarray(REDUCED_AT_ONCE, REDUCED_AT_ONCE + end - first);
    reduceNode(slots, first, { sums, errors });
  };
}
