import { ofStoredPoints, openPoints, overAllRows, placesOf, storedRows } from "@emix/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tilePoints, tilesFrom } from "../../../../packages/core/src/points/tiling.ts";

/** Which rows are dropped, and how many values a row has. */
const cases = fc.record({
  missing: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  perRow: fc.integer({ min: 1, max: 3 }),
  shuffled: fc.boolean(),
});

function tilesOf(missing: readonly boolean[], shuffled: boolean) {
  const dropped = [...missing.keys()].filter((row) => missing[row]);
  const count = missing.length - dropped.length;
  // 7 has no divisor in common with any count that is not a multiple of it.
  const order = shuffled && count % 7 !== 0 ? Uint32Array.from({ length: count }, (_, i) => (3 + 7 * i) % count) : null;
  return { count, order, dropped: dropped.length === 0 ? null : Uint32Array.from(dropped) };
}

describe("results over all rows", () => {
  test("stand at the caller's row numbers, with a filler elsewhere", () => {
    const tiles = { count: 3, dropped: Uint32Array.of(0, 3, 4), order: null };
    expect([...overAllRows(tiles, Int32Array.of(7, 8, 9), 1, -1)]).toEqual([-1, 7, 8, -1, -1, 9]);
    const pairs = overAllRows(tiles, Float64Array.of(1, 2, 3, 4, 5, 6), 2, Number.NaN);
    const none = [Number.NaN, Number.NaN];
    expect([...pairs]).toEqual([...none, 1, 2, 3, 4, ...none, ...none, 5, 6]);
  });

  test("stand in the caller's order, however points are stored", () => {
    const order = Uint32Array.of(2, 0, 1);
    expect([...overAllRows({ count: 3, dropped: null, order }, Int32Array.of(7, 8, 9), 1, -1)]).toEqual([8, 9, 7]);
    const tiles = { count: 3, dropped: Uint32Array.of(0, 3, 4), order };
    expect([...overAllRows(tiles, Int32Array.of(7, 8, 9), 1, -1)]).toEqual([-1, 8, 9, -1, -1, 7]);
    const pairs = ofStoredPoints(tiles, Float64Array.of(0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 5, 6), 2);
    expect([...pairs]).toEqual([5, 6, 1, 2, 3, 4]);
    expect(placesOf(tiles)).toEqual(Uint32Array.of(1, 2, 0));
    expect(placesOf({ order: null })).toBe(null);
  });

  test("are the results themselves where nothing was dropped or moved", () => {
    const values = Float64Array.of(1, 2);
    expect(overAllRows({ count: 2, dropped: null, order: null }, values, 1, 0)).toBe(values);
    expect(ofStoredPoints({ count: 2, dropped: null, order: null }, values, 1)).toBe(values);
  });

  test("lose nothing: those of the rows that were kept come back", () => {
    const law = fc.property(cases, ({ missing, perRow, shuffled }) => {
      const tiles = tilesOf(missing, shuffled);
      const values = Float64Array.from({ length: tiles.count * perRow }, (_, i) => i);
      const all = overAllRows(tiles, values, perRow, -1);
      expect(ofStoredPoints(tiles, all, perRow)).toEqual(values);
      expect(missing.map((gap, row) => (all[row * perRow] === -1) === gap)).toEqual(missing.map(() => true));
    });
    fc.assert(law);
  });
});

const numbers = (batches: ReturnType<typeof storedRows>) =>
  [...batches].flatMap(({ rowCount, columns }) =>
    Array.from({ length: rowCount }, (_, row) =>
      columns.map(({ values, offset, stride }) => values[offset + row * stride]),
    ),
  );

test("stored rows come back as they were given, in several batches, whatever order points are stored in", () => {
  const rows = Array.from({ length: 70_000 }, (_, i) => [i, -i]);
  const tiles = tilePoints(rows);
  expect([...storedRows(tiles)].length).toBe(2);
  expect(numbers(storedRows(tiles))).toEqual(rows);
  const order = Uint32Array.from(rows, (_, place) => (place * 9973) % rows.length);
  const moved = { ...tilePoints(Array.from(order, (row) => rows[row])), order };
  expect(numbers(storedRows(moved))).toEqual(rows);
});

test("stored rows that were dropped have no numbers, and weights come last", () => {
  const given = [[1], [Number.NaN], [Number.NaN], [4], [5], [Number.NaN]];
  const pointWeights = [1, 2, 3, 4, 5, 6];
  const none = [Number.NaN, Number.NaN];
  const tiles = tilesFrom(openPoints(given), { missing: "drop", pointWeights });
  const found = numbers(storedRows(tiles));
  expect(found).toEqual([[1, 1], none, none, [4, 4], [5, 5], none]);
});
