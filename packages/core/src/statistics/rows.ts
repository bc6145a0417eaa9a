import { addSums, type CompensatedSums, compensatedSums } from "../linear-algebra/compensated-sum.ts";
import { leftCount } from "./partial-sums.ts";
import { LOG_LIKELIHOOD, type StatisticsLayout, statisticsLayout } from "./sufficient-statistics.ts";

// Where components are many, a block has points of few of them. It then leaves a head and rows instead of a slot of all: a row
// for each component that has mass there, rising. A row is a slot of one component, which begins with its number.

/** The head of a block: log-likelihood and total weight as in a slot, then how many rows follow. */
export const HEAD = { rows: 2, length: 3 };

/** Where the number of a component is in its row: in the place of the log-likelihood. */
export const ROW_COMPONENT: number = LOG_LIKELIHOOD;

/** The layout of a row of a slot with this layout. */
export function rowLayout({ features, covarianceType }: StatisticsLayout): StatisticsLayout {
  return statisticsLayout(1, features, covarianceType);
}

/** The rows of all blocks: each block has room for all components. */
export interface BlockRows {
  /** blocks × components × rowLength; after the rows of a block, anything */
  readonly values: Float64Array;
  /** how many rows each block has */
  readonly counts: ArrayLike<number>;
  readonly components: number;
  readonly rowLength: number;
}

/** Adds the rows of one component after the other, by the tree of blocks: the bits are those of slots. */
export class RowSums {
  readonly #rows: BlockRows;
  /** blocks: the row that comes next, by its place in `values` */
  readonly #next: Float64Array;
  readonly #ends: Float64Array;
  /** the blocks that have a row of the component, rising, and where */
  readonly #blocks: Int32Array;
  readonly #places: Float64Array;
  readonly #halves: CompensatedSums[] = [];

  /** in: first, the component that is asked for first */
  constructor(rows: BlockRows, first: number) {
    const { counts, components, rowLength } = rows;
    const blocks = counts.length;
    this.#rows = rows;
    this.#ends = Float64Array.from(counts, (count, block) => (block * components + count) * rowLength);
    this.#next = Float64Array.from(this.#ends, (end, block) => this.#find(first, block * components * rowLength, end));
    this.#blocks = new Int32Array(blocks);
    this.#places = new Float64Array(blocks);
  }

  /** The place of the first row of a block whose component is `component` or later. */
  #find(component: number, start: number, end: number): number {
    const { values, rowLength } = this.#rows;
    let [low, high] = [0, (end - start) / rowLength];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[start + middle * rowLength + ROW_COMPONENT] < component) low = middle + 1;
      else high = middle;
    }
    return start + low * rowLength;
  }

  /** The sums of a component, in the layout of a row; 0 if no block has one. Components are asked for one after the other. */
  take(component: number, out: CompensatedSums): void {
    const { values, rowLength } = this.#rows;
    let count = 0;
    for (let block = 0; block < this.#next.length; block++) {
      const place = this.#next[block];
      if (place === this.#ends[block] || values[place + ROW_COMPONENT] !== component) continue;
      this.#blocks[count] = block;
      this.#places[count++] = place;
      this.#next[block] = place + rowLength;
    }
    if (count > 0) this.#add({ from: 0, to: count }, { first: 0, end: this.#next.length }, out, 0);
    else {
      out.sums.fill(0);
      out.errors.fill(0);
    }
  }

  /** in: found, of the blocks of a node that have a row, at least one; depth, below the root */
  #add(found: { from: number; to: number }, node: { first: number; end: number }, out: CompensatedSums, depth: number) {
    const { from, to } = found;
    if (to - from === 1) {
      this.#copy(this.#places[from], out);
      return;
    }
    const middle = node.first + leftCount(node.end - node.first);
    let split = from;
    while (split < to && this.#blocks[split] < middle) split++;
    // A half without rows adds zeros.
    const [left, right] = [
      { ...node, end: middle },
      { ...node, first: middle },
    ];
    if (split > from) this.#add({ from, to: split }, left, out, depth + 1);
    else {
      this.#add(found, right, out, depth + 1);
      return;
    }
    if (split === to) return;
    this.#halves[depth] ??= compensatedSums(this.#rows.rowLength);
    this.#add({ from: split, to }, right, this.#halves[depth], depth + 1);
    addSums(out, this.#halves[depth]);
  }

  #copy(place: number, { sums, errors }: CompensatedSums): void {
    const { values } = this.#rows;
    // Adding 0 takes a sign from 0, as the zeros of other slots do.
    for (let i = 0; i < sums.length; i++) sums[i] = values[place + i] + 0;
    errors.fill(0);
  }
}
