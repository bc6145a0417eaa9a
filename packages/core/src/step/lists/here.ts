import type { Shape } from "../../covariance/covariances.ts";
import type { Arithmetic } from "../../kernels/kernel.ts";
import { type PairLists, STAND, UNBUILT } from "../../kernels/pair-lists.ts";
import { WIDER } from "../../mixture/density.ts";
import { moversBy } from "../../passes/components/movers.ts";
import type { Executor } from "../../passes/executor.ts";
import { findNodes } from "../../passes/find-nodes.ts";
import { openMemory } from "../../passes/open-memory.ts";
import type { ExpectationPass } from "../../passes/pass.ts";
import { rowsLength } from "../../passes/rows-length.ts";
import { type Nodes, nodesLength } from "../../points/nodes.ts";
import type { ListContext } from "./context.ts";
import { guessLists, labelsOfStrips } from "./guess.ts";
import { type ListMemory, lowerUnit, placesIn, planLists } from "./list-memory.ts";
import type { Lists, OpenLists } from "./lists.ts";

/** Of the tiles, so few lie so low that a component could come near them unseen: they do without lists. */
const LOW_TILES = 1 / 256;
const SAMPLED_TILES = 4096;

/** Lists of points that this thread can read. */
class ListsHere implements Lists {
  readonly #memory: ListMemory;
  readonly #nodes: Nodes;
  readonly #rows: Float64Array | undefined;
  /** a component that each point is near to, until it was of use */
  #labels: Int32Array | undefined;
  /** how many components tiles have looked for; 0: they never did */
  #known = 0;
  /** of `ListContext`, in the last step */
  #unit = 0;
  /** few tiles lie lower */
  #leastFloor = Number.NEGATIVE_INFINITY;
  #step = 0;
  /** of the last pass, with what it computed in */
  #last: { readonly lists: PairLists; readonly arithmetic: Arithmetic } | null = null;

  /** in: rows, room for those that blocks leave; undefined: they leave slots; labels, as of `openLists` */
  constructor(memory: ListMemory, nodes: Nodes, rows?: Float64Array, labels?: Int32Array) {
    this.#memory = memory;
    this.#nodes = nodes;
    this.#rows = rows;
    this.#labels = labels;
  }

  async listed(
    executor: Executor,
    pass: ExpectationPass,
    context: ListContext,
    wider?: readonly number[],
  ): Promise<ExpectationPass> {
    const lists = wider === undefined ? await this.#next(executor, pass, context) : this.#again(pass, wider);
    if (lists === undefined) return pass;
    const rows = this.#rowsFor(executor, pass.program.shape);
    return { ...pass, lists, ...(rows && { rows }) };
  }

  /** The lists for a pass; undefined for the reference kernel, which computes every pair. */
  async #next(executor: Executor, pass: ExpectationPass, context: ListContext): Promise<PairLists | undefined> {
    const { program } = pass;
    const { components } = context;
    if (program.kind === "reference") return undefined;
    if (this.#known !== components) this.#forget();
    if (this.#known === 0) await this.#guess(executor, context);
    else if (context.unit !== this.#unit) lowerUnit(this.#memory, context.unit - this.#unit, program.shape);
    this.#unit = context.unit;
    this.#step++;
    const lists = this.#lists(await this.#movers(executor, pass, context), components);
    this.#last = { lists, arithmetic: program.simd.arithmetic };
    return lists;
  }

  async #guess(executor: Executor, context: ListContext): Promise<void> {
    const labels = this.#labels ?? (await labelsOfStrips(executor, context, this.#nodes));
    if (labels !== null) guessLists(executor.tiles, labels, this.#memory);
    this.#labels = undefined;
  }

  /**
   * The lists for another pass with the same mixture, where thresholds of some components are wider. What was seen in 32
   * bits proves nothing about 64.
   */
  #again({ program }: ExpectationPass, wider: readonly number[]): PairLists | undefined {
    if (this.#last === null || program.kind === "reference" || program.simd.arithmetic !== this.#last.arithmetic) {
      return undefined;
    }
    const stands = this.#last.lists.stands.slice();
    for (const component of wider) stands[component * STAND.length + STAND.reach] += WIDER;
    return { ...this.#last.lists, movers: Int32Array.from(wider), stands, renewed: false };
  }

  /** `ExpectationPass.rows`; undefined: blocks leave slots */
  #rowsFor({ tiles }: Executor, shape: Shape): Float64Array | undefined {
    const rows = this.#rows;
    // Without components that were dropped, there may be more blocks.
    return rows !== undefined && rowsLength(tiles, shape) <= rows.length ? rows : undefined;
  }

  /** Before the first step, and once components were dropped: the others have new numbers. */
  #forget(): void {
    this.#known = 0;
    this.#memory.counts.fill(UNBUILT);
  }

  async #movers(
    executor: Executor,
    pass: ExpectationPass,
    { components, inflations }: ListContext,
  ): Promise<Int32Array> {
    const { standing, counts } = this.#memory;
    const begins = this.#known === 0 || !counts.some((count) => count >= 0);
    if (!begins) this.#leastFloor = lowFloor(this.#memory);
    this.#known = components;
    return moversBy(executor, pass, inflations, { standing, floor: begins ? null : this.#leastFloor });
  }

  #lists(movers: Int32Array, components: number): PairLists {
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

/**
 * Opens lists, or none where they are not worth their while. in: rows, how many numbers those of blocks may take; labels, as of
 * `openLists`
 */
export async function openListsHere(
  executor: Executor,
  shape: Shape,
  rows: number,
  labels?: Int32Array,
): Promise<OpenLists> {
  const { count, nodes, dtype, tileSize } = executor.tiles;
  const plan = planLists(count, { ...shape, dtype, tileSize });
  if (plan === null) return { bytes: 0, close: () => undefined };
  const nodesBytes = nodes === undefined ? 8 * nodesLength(executor.tiles) : 0;
  const rowsAt = nodesBytes + 8 * Math.ceil(plan.bytes / 8);
  const bytes = rowsAt + 8 * rows;
  const { memory, close } = await openMemory(executor, bytes);
  try {
    const room = rows === 0 ? undefined : new Float64Array(memory, rowsAt, rows);
    const found = nodes ?? (await findNodes(executor, memory));
    return { lists: new ListsHere(placesIn(memory, plan, nodesBytes), found, room, labels), bytes, close };
  } catch (error) {
    close();
    throw error;
  }
}
