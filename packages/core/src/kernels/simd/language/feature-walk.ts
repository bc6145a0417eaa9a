import { range } from "./range.ts";
import { type Address, advance, at, integer, lessThan, plus, repeat, shifted } from "./wasm.ts";

/** Features that code treats at a time: four rows by two vectors of points are what sixteen registers hold. */
export const BLOCK_ROWS = 4;

/** Something that has a place for every feature: the place of the first one, and the way to the next. */
export interface Row {
  readonly first: Address;
  readonly bytes: number;
}

/**
 * Treats features in blocks of four, the last one smaller: block after block in the code, or in a loop.
 * in: treat: number of features, and the places of the first of them
 */
export function walkFeatures<Name extends string>(
  features: number,
  unrolled: boolean,
  rows: Readonly<Record<Name, Row>>,
  treat: (count: number, first: Record<Name, Address>) => void,
): void {
  const named = Object.entries<Row>(rows) as [Name, Row][];
  if (unrolled) {
    for (let j = 0; j < features; j += BLOCK_ROWS) {
      treat(
        Math.min(BLOCK_ROWS, features - j),
        placesOf(named, ({ first, bytes }) => shifted(first, j * bytes)),
      );
    }
    return;
  }
  const rest = features % BLOCK_ROWS;
  const pointers = named.map(([, { first }]) => integer(first.pointer));
  const places = placesOf(named, ({ first }, i) => at(first.offset, pointers[i]));
  if (features >= BLOCK_ROWS) {
    const end = integer(plus(pointers[0], (features - rest) * named[0][1].bytes));
    repeat(() => {
      treat(BLOCK_ROWS, places);
      for (const i of range(named.length)) advance(pointers[i], BLOCK_ROWS * named[i][1].bytes);
      return lessThan(pointers[0], end);
    });
  }
  if (rest > 0) treat(rest, places);
}

function placesOf<Name extends string>(
  named: readonly [Name, Row][],
  place: (row: Row, index: number) => Address,
): Record<Name, Address> {
  return Object.fromEntries(named.map(([name, row], i) => [name, place(row, i)])) as Record<Name, Address>;
}
