import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CompensatedSums, compensatedSums } from "../../../../packages/core/src/linear-algebra/compensated-sum.ts";
import {
  mergePartials,
  nodesBetween,
  type PartialSums,
  reduceNode,
} from "../../../../packages/core/src/statistics/partial-sums.ts";
import { minus, ofDouble, plus, ratio } from "../../../support/exact.ts";
import { law } from "../../../support/laws.ts";

/** One number from each of some blocks. */
function sumOf(...values: number[]): [sum: number, error: number] {
  const total = compensatedSums(1);
  reduceNode({ values: Float64Array.from(values), slotLength: 1, blocks: values.length }, 0, total);
  return [total.sums[0], total.errors[0]];
}

describe("the sum over blocks", () => {
  test("is a tree: halves are added first, and a missing right half adds nothing", () => {
    // 2⁶⁰ + 1 rounds to 2⁶⁰: where that happens, an error is left.
    expect(sumOf(5)).toEqual([5, 0]);
    expect(sumOf(2 ** 60, 1)).toEqual([2 ** 60, 1]);
    expect(sumOf(2 ** 60, -(2 ** 60), 1)).toEqual([1, 0]);
    expect(sumOf(2 ** 60, 1, -(2 ** 60))).toEqual([0, 1]);
    expect(sumOf(2 ** 60, 2 ** 60, 1, -1)).toEqual([2 ** 61, 0]);
    expect(sumOf(2 ** 60, 0, 0, 0, 1, 2)).toEqual([2 ** 60, 3]);
    expect(sumOf(1, 2 ** 60, 2, -(2 ** 60), 4)).toEqual([4, 3]);
  });

  test("takes a range of every slot, whatever the total held", () => {
    const values = Float64Array.from({ length: 7 * 5 }, (_, i) => 10 ** Math.floor(i / 5) * (i % 5));
    const total = { sums: Float64Array.of(8, 9), errors: Float64Array.of(8, 9) };
    reduceNode({ values, slotLength: 5, blocks: 7 }, 3, total);
    expect(total).toEqual({ sums: Float64Array.of(3333333, 4444444), errors: Float64Array.of(0, 0) });
  });

  law("is exact to the rounding of its errors", blocksOfNumbers(), 200, ({ values, blocks }) => {
    const total = reduced(values, 0, blocks);
    const exact = Array.from({ length: blocks }, (_, block) => ofDouble(values[block * WIDTH])).reduce(plus);
    const found = plus(ofDouble(total.sums[0]), ofDouble(total.errors[0]));
    const size = Math.max(...values.map(Math.abs), 1e-300);
    expect(ratio(minus(found, exact), ofDouble(size))).toBeLessThan(1e-28);
  });

  law("has the same bits from any nodes that make up all blocks", partitions(), 400, ({ values, blocks, cuts }) => {
    const partials = nodes(0, blocks, cuts).map(
      ([first, end]): PartialSums => ({ first, end, ...reduced(values, first, end) }),
    );
    const { sums, errors } = mergePartials(partials, blocks);
    expect({ sums, errors }).toEqual(reduced(values, 0, blocks));
  });

  test("of ranges are merged from the fewest nodes", () => {
    const values = Float64Array.from({ length: 23 * WIDTH }, (_, i) => Math.sin(i) * 2 ** (i % 60));
    for (let blocks = 1; blocks <= 23; blocks++) {
      for (let cut = 0; cut <= blocks; cut++) {
        const found = [...nodesBetween(0, cut, blocks), ...nodesBetween(cut, blocks, blocks)];
        const partials = found.map((node): PartialSums => ({ ...node, ...reduced(values, node.first, node.end) }));
        const { sums, errors } = mergePartials(partials, blocks);
        expect({ sums, errors }).toEqual(reduced(values, 0, blocks));
        expect(found.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(blocks + 1)));
      }
      expect(nodesBetween(0, blocks, blocks)).toEqual([{ first: 0, end: blocks }]);
    }
  });
});

const WIDTH = 3;

/** The sums over the slots of blocks [first, end), on their own. */
function reduced(values: Float64Array, first: number, end: number): CompensatedSums {
  const total = compensatedSums(WIDTH);
  const own = values.slice(first * WIDTH, end * WIDTH);
  reduceNode({ values: own, slotLength: WIDTH, blocks: end - first }, 0, total);
  return total;
}

/** The nodes below [first, end) at which the walk down the tree ends. in: cuts, whether to go on, for each node met */
function nodes(first: number, end: number, cuts: readonly boolean[]): [number, number][] {
  let met = 0;
  const below = (from: number, to: number): [number, number][] => {
    if (to - from === 1 || !cuts[met++ % cuts.length]) return [[from, to]];
    const middle = from + 2 ** Math.floor(Math.log2(to - from - 1));
    return [...below(from, middle), ...below(middle, to)];
  };
  return below(first, end);
}

function blocksOfNumbers() {
  return fc.integer({ min: 1, max: 70 }).chain((blocks) =>
    fc.record({
      blocks: fc.constant(blocks),
      values: fc
        .array(fc.double({ min: -1e18, max: 1e18, noNaN: true }), {
          minLength: WIDTH * blocks,
          maxLength: WIDTH * blocks,
        })
        .map((numbers) => Float64Array.from(numbers)),
    }),
  );
}

function partitions() {
  return fc
    .tuple(blocksOfNumbers(), fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }))
    .map(([numbers, cuts]) => ({ ...numbers, cuts }));
}
