import type { Arithmetic } from "../../kernels/kernel.ts";
import { type PairLists, STAND, UNBUILT } from "../../kernels/pair-lists.ts";
import { WIDER } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { moversBy } from "../../passes/components/movers.ts";
import { type AnyExecutor, type Executor, isLocal } from "../../passes/executor.ts";
import { findNodes } from "../../passes/find-nodes.ts";
import { openMemory } from "../../passes/open-memory.ts";
import type { ExpectationPass } from "../../passes/pass.ts";
import { rowsLength } from "../../passes/rows-length.ts";
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
  readonly #rows: Float64Array | undefined;
  /** how many components tiles have looked for; 0: they never did */
  #known = 0;
  /** few tiles lie lower */
  #leastFloor = Number.NEGATIVE_INFINITY;
  #step = 0;
  /** of the last pass, with what it computed in */
  #last: { readonly lists: PairLists; readonly arithmetic: Arithmetic } | null = null;

  /** in: rows, room for those that blocks leave; undefined: they leave slots */
  constructor(memory: ListMemory, nodes: Nodes, rows?: Float64Array) {
    this.#memory = memory;
    this.#nodes = nodes;
    this.#rows = rows;
  }

  /** The lists for a pass with this mixture; undefined for the reference kernel, which computes every pair. */
  async next(executor: Executor, pass: ExpectationPass, mixture: Mixture): Promise<PairLists | undefined> {
    const { program } = pass;
    if (program.kind === "reference") return undefined;
    if (this.#known !== mixture.components) this.#forget();
    if (this.#known === 0) await guessLists(executor, mixture, this.#nodes, this.#memory);
    this.#step++;
    const lists = this.#lists(await this.#movers(executor, pass, mixture), mixture);
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

  /** `ExpectationPass.rows`; undefined: blocks leave slots */
  rowsFor({ tiles }: Executor, mixture: Mixture): Float64Array | undefined {
    const rows = this.#rows;
    // Without components that were dropped, there may be more blocks.
    return rows !== undefined && rowsLength(tiles, mixture) <= rows.length ? rows : undefined;
  }

  /** Before the first step, and once components were dropped: the others have new numbers. */
  #forget(): void {
    this.#known = 0;
    this.#memory.counts.fill(UNBUILT);
  }

  async #movers(executor: Executor, pass: ExpectationPass, mixture: Mixture): Promise<Int32Array> {
    const { standing, counts } = this.#memory;
    const begins = this.#known === 0 || !counts.some((count) => count >= 0);
    if (!begins) this.#leastFloor = lowFloor(this.#memory);
    this.#known = mixture.components;
    return moversBy(executor, pass, mixture, { standing, floor: begins ? null : this.#leastFloor });
  }

  #lists(movers: Int32Array, { components }: Mixture): PairLists {
    const { standing, ...memory } = this.#memory;
    const { leastFloor, step } = { leastFloor: this.#leastFloor, step: this.#step };
    const stands = standing.stands.subarray(0, components * STAND.length);
    return { ...memory, nodes: this.#nodes, movers, renewed: true, stands, leastFloor, step };
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
  const rowsAt = nodesBytes + 8 * Math.ceil(plan.bytes / 8);
  const length = rowsLength(executor.tiles, { components, features, covarianceType });
  const { memory, close } = await openMemory(executor, rowsAt + 8 * length);
  try {
    const rows = length === 0 ? undefined : new Float64Array(memory, rowsAt, length);
    const lists = new Lists(placesIn(memory, plan, nodesBytes), nodes ?? (await findNodes(executor, memory)), rows);
    return { lists, close };
  } catch (error) {
    close();
    throw error;
  }
}
