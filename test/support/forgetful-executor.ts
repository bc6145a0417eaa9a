import type { Executor, Pass } from "@emix/core";
import { GUESSED, type PairLists, UNBUILT, UNLISTED } from "../../packages/core/src/kernels/pair-lists.ts";

type PassWithLists = Extract<Pass, { readonly lists?: PairLists }> & { readonly lists: PairLists };

function hasLists(pass: Pass): pass is PassWithLists {
  return "lists" in pass && pass.lists !== undefined;
}

/** In which steps lists are kept; in the others they are forgotten, and the step does without. */
export type Keeps = (step: number) => boolean;

/**
 * An executor before whose steps threads have died: tiles that they were at have no list, and nonsense in its place.
 * in: dies, whether one died at a tile
 */
export function spoilingExecutor(executor: Executor, dies: () => boolean): Executor {
  return {
    ...executor,
    over: (tiles) => spoilingExecutor(executor.over(tiles), dies),
    run(pass, consume) {
      if (hasLists(pass)) spoil(pass.lists, dies);
      return executor.run(pass, consume);
    },
  };
}

function spoil({ counts, components, capacity, references, floors }: PairLists, dies: () => boolean): void {
  const tileSize = references.length / counts.length;
  for (let tile = 0; tile < counts.length; tile++) {
    if (!dies()) continue;
    counts[tile] = UNBUILT;
    components.fill(0, tile * capacity, (tile + 1) * capacity);
    references.fill(1e10, tile * tileSize, (tile + 1) * tileSize);
    floors[tile] = 1e10;
  }
}

/** Counts tiles that were sieved because their list is too long: in steps, and in second looks. */
export interface UnlistedCount {
  tiles: number;
  again: number;
}

/** An executor whose lists hold few components. */
export function crampedExecutor(executor: Executor, capacity: number, count: UnlistedCount): Executor {
  let known: ArrayBufferLike | undefined;
  return {
    ...executor,
    over: (tiles) => crampedExecutor(executor.over(tiles), capacity, count),
    run(pass, consume) {
      if (!hasLists(pass)) return executor.run(pass, consume);
      // Guesses to begin with were written for longer lists.
      if (known !== pass.lists.counts.buffer) pass.lists.counts.fill(UNBUILT);
      known = pass.lists.counts.buffer;
      const unlisted = pass.lists.counts.filter((one) => one === UNLISTED).length;
      count[pass.lists.renewed ? "tiles" : "again"] += unlisted;
      return executor.run({ ...pass, lists: { ...pass.lists, capacity } }, consume);
    },
  };
}

/** Counts the pairs of tiles and components that steps with lists have, and those that stayed listed. */
export interface PairCount {
  pairs: number;
  listed: number;
  /** second looks through lists */
  again: number;
  /** evaluations through lists */
  evaluated: number;
}

/** An executor that forgets the lists of pairs now and then. */
export function forgetfulExecutor(executor: Executor, keeps: Keeps, count?: PairCount): Executor {
  let step = 0;
  return {
    ...executor,
    over: (tiles) => forgetfulExecutor(executor.over(tiles), keeps, count),
    async run(pass, consume) {
      if (!hasLists(pass)) return executor.run(pass, consume);
      const { lists, ...rest } = pass;
      if (!keeps(step++)) {
        lists.counts.fill(UNBUILT);
        return executor.run(rest, consume);
      }
      const result = await executor.run(pass, consume);
      if (count !== undefined && !lists.renewed) count.again++;
      if (count !== undefined && pass.kind === "evaluation") count.evaluated++;
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
