import type { Arithmetic } from "../../kernels/kernel.ts";
import { type PairLists, STAND, UNBUILT } from "../../kernels/pair-lists.ts";
import { type Position, positionsOf, standsOf } from "../../kernels/position.ts";
import { densityLayout, WIDER } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { moversBy } from "../../passes/components/movers.ts";
import { type AnyExecutor, type Executor, isLocal } from "../../passes/executor.ts";
import { findNodes } from "../../passes/find-nodes.ts";
import { openMemory } from "../../passes/open-memory.ts";
import type { ExpectationPass } from "../../passes/pass.ts";
import { type Nodes, nodesLength } from "../../points/nodes.ts";
import { guessLists } from "./guess.ts";
import { type ListMemory, placesIn, planLists } from "./list-memory.ts";

/** Of the tiles, so few lie so low that a component could come near them unseen: they do without lists. */
const LOW_TILES = 1 / 256;
const SAMPLED_TILES = 4096;

/**
 * What EM knows from step to step about pairs of tiles and components (kernels/pair-lists.ts). Nothing of it changes a
 * bit.
 */
export class Lists {
  readonly #memory: ListMemory;
  readonly #nodes: Nodes;
  /** Where each component stood when tiles last looked for it; null: they never did */
  #before: Position[] | null = null;
  /** few tiles lie lower */
  #leastFloor = Number.NEGATIVE_INFINITY;
  #step = 0;
  /** of the last pass, with what it computed in */
  #last: { readonly lists: PairLists; readonly arithmetic: Arithmetic } | null = null;

  constructor(memory: ListMemory, nodes: Nodes) {
    this.#memory = memory;
    this.#nodes = nodes;
  }

  /** The lists for a pass with this mixture; undefined for the reference kernel, which computes every pair. */
  async next(executor: Executor, pass: ExpectationPass, mixture: Mixture): Promise<PairLists | undefined> {
    const { program, parameters } = pass;
    if (program.kind === "reference") return undefined;
    const { components, features, covarianceType } = program.shape;
    const layout = densityLayout(components, features, covarianceType);
    const now = positionsOf(mixture, parameters, layout, program.simd.arithmetic);
    if (this.#before?.length !== components) this.#forget();
    if (this.#before === null) await guessLists(executor, mixture, this.#nodes, this.#memory);
    this.#step++;
    const lists = await this.#next(executor, now);
    this.#last = { lists, arithmetic: program.simd.arithmetic };
    return lists;
  }

  /**
   * The lists for another pass with the same mixture, where thresholds of some components are wider. What was seen in 32
   * bits proves nothing about 64.
   */
  again({ program }: ExpectationPass, wider: readonly number[]): PairLists | undefined {
    if (this.#last === null || program.kind === "reference" || program.simd.arithmetic !== this.#last.arithmetic) {
      return undefined;
    }
    const stands = this.#last.lists.stands.slice();
    for (const component of wider) stands[component * STAND.length + STAND.reach] += WIDER;
    return { ...this.#last.lists, movers: Int32Array.from(wider), stands, renewed: false };
  }

  /** Before the first step, and once components were dropped: the others have new numbers. */
  #forget(): void {
    this.#before = null;
    this.#memory.counts.fill(UNBUILT);
  }

  async #next(executor: Executor, now: Position[]): Promise<PairLists> {
    if (this.#before === null || !this.#memory.counts.some((count) => count >= 0)) {
      this.#before = now;
      return this.#lists([], now);
    }
    this.#leastFloor = lowFloor(this.#memory);
    const movers = await moversBy(executor, this.#before, now, this.#leastFloor);
    for (const component of movers) this.#before[component] = now[component];
    return this.#lists(movers, now);
  }

  #lists(movers: readonly number[], now: readonly Position[]): PairLists {
    const { leastFloor, step } = { leastFloor: this.#leastFloor, step: this.#step };
    return {
      ...this.#memory,
      nodes: this.#nodes,
      movers: Int32Array.from(movers),
      renewed: true,
      stands: standsOf(now),
      leastFloor,
      step,
    };
  }
}

/** A floor that few tiles lie below, of those that were looked at. */
function lowFloor({ counts, floors }: ListMemory): number {
  const stride = Math.ceil(counts.length / SAMPLED_TILES);
  const sampled = floors.filter((_, tile) => tile % stride === 0 && counts[tile] !== UNBUILT).sort();
  return sampled[Math.floor(sampled.length * LOW_TILES)] ?? Number.NEGATIVE_INFINITY;
}

/** Opens lists for a run of EM, or none where they are not worth their while; `close` hands their memory back. */
export async function openLists(
  executor: AnyExecutor,
  { components, features, covarianceType }: Mixture,
): Promise<{ lists?: Lists; close: () => void }> {
  const { count, dtype, tileSize } = executor.tiles;
  if (!isLocal(executor)) return { close: () => undefined };
  const plan = planLists(count, { components, features, covarianceType, dtype, tileSize });
  if (plan === null) return { close: () => undefined };
  const { nodes } = executor.tiles;
  const nodesBytes = nodes === undefined ? 8 * nodesLength(executor.tiles) : 0;
  const { memory, close } = await openMemory(executor, nodesBytes + plan.bytes);
  try {
    return {
      lists: new Lists(placesIn(memory, plan, nodesBytes), nodes ?? (await findNodes(executor, memory))),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
