import type { ErrorDetails } from "../errors.ts";

/** A place in a source, in words for messages and as data. */
export interface Place {
  readonly words: string;
  readonly details: ErrorDetails;
}

/** A place among points or weights that the caller has in an array. */
export function placeInArray(row?: number, column?: number): Place {
  if (row === undefined) return { words: column === undefined ? "the points" : "`pointWeights`", details: {} };
  if (column === undefined) return { words: `row ${row} (counted from 0)`, details: { row } };
  return { words: `row ${row}, column ${column} (both counted from 0)`, details: { row, column } };
}
