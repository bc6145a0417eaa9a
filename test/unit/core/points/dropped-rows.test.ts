import { ofKeptRows, overAllRows } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

/** Which rows are dropped, and how many values a row has. */
const cases = fc.record({
  missing: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  perRow: fc.integer({ min: 1, max: 3 }),
});

function tilesOf(missing: readonly boolean[]) {
  const dropped = [...missing.keys()].filter((row) => missing[row]);
  return { count: missing.length - dropped.length, dropped: dropped.length === 0 ? null : Uint32Array.from(dropped) };
}

describe("results over all rows", () => {
  test("stand at the caller's row numbers, with a filler elsewhere", () => {
    const tiles = { count: 3, dropped: Uint32Array.of(0, 3, 4) };
    expect([...overAllRows(tiles, Int32Array.of(7, 8, 9), 1, -1)]).toEqual([-1, 7, 8, -1, -1, 9]);
    const pairs = overAllRows(tiles, Float64Array.of(1, 2, 3, 4, 5, 6), 2, Number.NaN);
    const none = [Number.NaN, Number.NaN];
    expect([...pairs]).toEqual([...none, 1, 2, 3, 4, ...none, ...none, 5, 6]);
  });

  test("are the results themselves where nothing was dropped", () => {
    const values = Float64Array.of(1, 2);
    expect(overAllRows({ count: 2, dropped: null }, values, 1, 0)).toBe(values);
    expect(ofKeptRows({ count: 2, dropped: null }, values, 1)).toBe(values);
  });

  test("lose nothing: those of the rows that were kept come back", () => {
    const law = fc.property(cases, ({ missing, perRow }) => {
      const tiles = tilesOf(missing);
      const values = Float64Array.from({ length: tiles.count * perRow }, (_, i) => i);
      const all = overAllRows(tiles, values, perRow, -1);
      expect(ofKeptRows(tiles, all, perRow)).toEqual(values);
      expect(missing.map((gap, row) => (all[row * perRow] === -1) === gap)).toEqual(missing.map(() => true));
    });
    fc.assert(law);
  });
});
