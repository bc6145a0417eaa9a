import fc from "fast-check";
import { expect, test } from "vitest";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { reduceNode } from "../../../../packages/core/src/statistics/partial-sums.ts";
import { ROW_COMPONENT, RowSums } from "../../../../packages/core/src/statistics/rows.ts";
import { law } from "../../../support/laws.ts";

const WIDTH = 5;

/** Blocks of which each has some components; also as slots, components × WIDTH, 0 where there is no row. */
function blocksOf(seed: number, blocks: number, components: number, share: number) {
  const random = randomStream(seed, "rows");
  const values = new Float64Array(blocks * components * WIDTH).fill(Number.NaN);
  const slots = new Float64Array(blocks * components * WIDTH);
  const counts = new Int32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    for (let component = 0; component < components; component++) {
      if (random.uniform() >= share) continue;
      const numbers = Float64Array.from({ length: WIDTH }, () => random.normal() * 10 ** (8 * random.uniform()));
      if (random.uniform() < 0.1) numbers.fill(-0);
      numbers[ROW_COMPONENT] = component;
      values.set(numbers, (block * components + counts[block]++) * WIDTH);
      slots.set(numbers, (block * components + component) * WIDTH);
    }
  }
  return { rows: { values, counts, components, rowLength: WIDTH }, slots };
}

/** A sum of nothing but −0 is the only one that differs, and means the same. */
const signless = (values: Float64Array) => values.map((value) => value + 0);

law(
  "rows have the sums of slots, bit for bit, from any component on",
  fc.record({
    seed: fc.nat(),
    blocks: fc.integer({ min: 2, max: 37 }),
    components: fc.integer({ min: 1, max: 12 }),
    share: fc.constantFrom(0.05, 0.3, 0.9, 1),
    from: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  }),
  300,
  ({ seed, blocks, components, share, from }) => {
    const { rows, slots } = blocksOf(seed, blocks, components, share);
    const all = { sums: new Float64Array(components * WIDTH), errors: new Float64Array(components * WIDTH) };
    reduceNode({ values: slots, slotLength: components * WIDTH, blocks }, 0, all);
    const first = Math.floor(from * components);
    const reader = new RowSums(rows, first);
    for (let component = first; component < components; component++) {
      const own = { sums: new Float64Array(WIDTH), errors: new Float64Array(WIDTH) };
      reader.take(component, own);
      const part = (array: Float64Array) => array.subarray(component * WIDTH + 1, (component + 1) * WIDTH);
      for (const of of ["sums", "errors"] as const)
        expect(signless(own[of].subarray(1))).toEqual(signless(part(all[of])));
    }
  },
);

test("without a row, all is 0", () => {
  const rows = { values: new Float64Array(6), counts: [0, 0], components: 1, rowLength: 3 };
  const own = { sums: new Float64Array(3).fill(7), errors: new Float64Array(3).fill(7) };
  new RowSums(rows, 0).take(0, own);
  expect(own).toEqual({ sums: new Float64Array(3), errors: new Float64Array(3) });
});
