import { twoSumError } from "../elementary/rounding.ts";
import { addSums, type CompensatedSums } from "../linear-algebra/compensated-sum.ts";

// The sum over all blocks is a binary tree whose shape depends on the indices of the blocks alone. A node of it covers the
// blocks [i·2^j, (i + 1)·2^j), as far as they exist: its left half, and to that its right half is added if it has one. So a
// node can be summed wherever its slots are, and partial sums that make up all blocks can be merged into the same bits.

/** The sums over blocks [first, end), which make up a node. */
export interface PartialSums extends CompensatedSums {
  readonly first: number;
  readonly end: number;
}

/** The slots of a node's blocks, one after the other. */
export interface NodeSlots {
  readonly values: Float64Array;
  readonly slotLength: number;
  readonly blocks: number;
}

/**
 * The sums over a node of the numbers from `from` on in each slot, as many as `total` has.
 * out: total
 */
export function reduceNode(slots: NodeSlots, from: number, total: CompensatedSums): void {
  const { length } = total.sums;
  const rights: CompensatedSums[] = [];
  sumBlocks(0, slots.blocks, total, 0);

  /** in: depth, below the node; each has room of its own for the right half */
  function sumBlocks(first: number, end: number, out: CompensatedSums, depth: number): void {
    const count = end - first;
    if (count === 4) addFour(slots, first * slots.slotLength + from, out);
    else if (count === 1) copyOne(slots, first * slots.slotLength + from, out);
    else {
      const middle = first + leftCount(count);
      rights[depth] ??= { sums: new Float64Array(length), errors: new Float64Array(length) };
      sumBlocks(first, middle, out, depth + 1);
      sumBlocks(middle, end, rights[depth], depth + 1);
      addSums(out, rights[depth]);
    }
  }
}

/** How many of a node's blocks are in its left half. in: count, at least 2 */
export function leftCount(count: number): number {
  let left = 1;
  while (2 * left < count) left *= 2;
  return left;
}

function copyOne({ values }: NodeSlots, at: number, { sums, errors }: CompensatedSums): void {
  sums.set(values.subarray(at, at + sums.length));
  errors.fill(0);
}

/** Two levels of the tree in one sweep: most of the work. */
function addFour({ values, slotLength }: NodeSlots, at: number, { sums, errors }: CompensatedSums): void {
  for (let i = 0; i < sums.length; i++) {
    const a = values[at + i];
    const b = values[at + slotLength + i];
    const c = values[at + 2 * slotLength + i];
    const d = values[at + 3 * slotLength + i];
    const left = a + b;
    const right = c + d;
    const sum = left + right;
    errors[i] = twoSumError(a, b, left) + twoSumError(c, d, right) + twoSumError(left, right, sum);
    sums[i] = sum;
  }
}

/** The fewest nodes that make up the blocks [first, end), in order. in: blocks, how many there are in all */
export function nodesBetween(first: number, end: number, blocks: number): { first: number; end: number }[] {
  const nodes: { first: number; end: number }[] = [];
  for (let at = first; at < end; ) {
    let size = 1;
    while (at % (2 * size) === 0 && at + size < end && Math.min(at + 2 * size, blocks) <= end) size *= 2;
    nodes.push({ first: at, end: Math.min(at + size, blocks) });
    at += size;
  }
  return nodes;
}

/**
 * The sum over all blocks, from partial sums that make them up.
 * in: partials, in the order of their blocks, changed; blocks, how many there are
 */
export function mergePartials(partials: readonly PartialSums[], blocks: number): CompensatedSums {
  const open: PartialSums[] = [];
  for (const partial of partials) {
    let node = partial;
    for (let left = open.at(-1); left !== undefined && areHalves(left, node, blocks); left = open.at(-1)) {
      open.pop();
      addSums(left, node);
      node = { ...left, end: node.end };
    }
    open.push(node);
  }
  return open[0];
}

/** Do two neighbours make up a node? The left one then has all blocks that it can have. */
function areHalves(left: PartialSums, right: PartialSums, blocks: number): boolean {
  const whole = 2 * (left.end - left.first);
  return left.first % whole === 0 && right.end === Math.min(left.first + whole, blocks);
}
