import { type CompensatedSums, mergePartials, type PartialSums } from "@emix/core";
import type { SumsReply } from "../protocol.ts";

/** The sums over all blocks. in: replies, in the order of their blocks, changed */
export function mergeReplies(replies: readonly SumsReply[], blocks: number): CompensatedSums {
  const { sums, errors } = mergePartials(replies.flatMap(partialsOf), blocks);
  return { sums, errors };
}

function partialsOf({ nodes, sums, errors }: SumsReply): PartialSums[] {
  const length = sums.length / nodes.length;
  return nodes.map(({ first, end }, i) => ({
    first,
    end,
    sums: sums.subarray(i * length, (i + 1) * length),
    errors: errors.subarray(i * length, (i + 1) * length),
  }));
}
