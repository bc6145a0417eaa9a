import type { Executor } from "@emix/core";
import { GUESSED, type PairLists, UNBUILT } from "../../packages/core/src/kernels/pair-lists.ts";

/** In which steps lists are kept; in the others they are forgotten, and the step does without. */
export type Keeps = (step: number) => boolean;

/** Counts the pairs of tiles and components that steps with lists have, and those that stayed listed. */
export interface PairCount {
  pairs: number;
  listed: number;
}

/** An executor that forgets the lists of pairs now and then. */
export function forgetfulExecutor(executor: Executor, keeps: Keeps, count?: PairCount): Executor {
  let step = 0;
  return {
    ...executor,
    over: (tiles) => forgetfulExecutor(executor.over(tiles), keeps, count),
    async run(pass, consume) {
      if (pass.kind !== "expectation" || pass.lists === undefined) return executor.run(pass, consume);
      const { lists, ...rest } = pass;
      if (!keeps(step++)) {
        lists.counts.fill(UNBUILT);
        return executor.run(rest, consume);
      }
      const result = await executor.run(pass, consume);
      if (count !== undefined) add(count, lists, pass.program.shape.components);
      return result;
    },
  };
}

function add(count: PairCount, { counts }: PairLists, components: number): void {
  for (const listed of counts) {
    count.pairs += components;
    count.listed += listed < 0 ? components : listed % GUESSED;
  }
}
