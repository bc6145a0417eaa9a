import { advance, at, type Integer, integer, lessThan, loadInteger, repeat, type Variable } from "./wasm.ts";

// Lists in a kernel's memory that say what a routine treats: each entry is some addresses of 32 bits, side by side.

/** A component whose densities are wanted: its numbers, and its row of joint. */
export const LISTED = { component: 0, row: 4, bytes: 8 };

/** A component of a sieve that is asked about a tile, and what was sifted of it. */
export const ASKED = { component: 0, sifted: 4, bytes: 8 };

/** A component that M measures: its numbers, its row of joint and its sums; and the runs of points that have its row. */
export const SUMMED = { component: 0, row: 4, sums: 8, runs: 12, runsEnd: 16, bytes: 20 };

/** Points of a group that lie side by side: their first feature, where they end, and their bytes in a row of joint. */
export const RUN = { points: 0, pointsEnd: 4, offset: 8, bytes: 12 };

/** Treats every entry of a list, which is not empty. */
export function walkList(
  list: Integer,
  end: Integer,
  entryBytes: number,
  treat: (entry: Variable<"i32">) => void,
): void {
  const entry = integer(list);
  repeat(() => {
    treat(entry);
    advance(entry, entryBytes);
    return lessThan(entry, end);
  });
}

/** An address of an entry. */
export function fieldOf(entry: Integer, field: number): Variable<"i32"> {
  return integer(loadInteger(at(field, entry)));
}
