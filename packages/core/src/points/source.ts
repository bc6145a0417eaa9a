import type { ErrorDetails } from "../errors.ts";
import type { Dtype } from "./tiles.ts";

/** What a row without a finite number in every feature means: an error, or a row to leave out. */
export type MissingOption = "error" | "drop";

/** Consecutive rows of a source, in its order. */
export interface RowBatch {
  readonly rowCount: number;
  /** The number in a row (from 0 within the batch) and a column; NaN where there is none. */
  readonly value: (row: number, column: number) => number;
}

export interface RowCounts {
  readonly rows: number;
  /** Rows with a finite number in every column; null where the source has not counted them. */
  readonly complete: number | null;
}

/** A place in a source as messages name it, in words and as data. */
export interface Place {
  readonly words: string;
  readonly details: ErrorDetails;
}

/** Rows of numbers, wherever they come from: d features, and the weight after them if the source has one. */
export interface PointSource {
  /** d */
  readonly features: number;
  /** How its points are to be stored. */
  readonly dtype: Dtype;
  /** Whether column d is the weight of each point. */
  readonly weighted: boolean;
  /** Counts the rows; the complete ones too where rows are to be dropped and the source has a quick way. */
  count(missing: MissingOption): RowCounts | Promise<RowCounts>;
  /** All rows, in order: `rows` of them. May be asked for more than once. */
  batches(rows: number): Iterable<RowBatch> | AsyncIterable<RowBatch>;
  /** Names a number, a row, a column or, with neither, the whole source. in: both counted from 0 */
  place(row?: number, column?: number): Place;
}

/** A source whose numbers are at hand, so that nothing need be awaited. */
export interface ArraySource extends PointSource {
  count(missing: MissingOption): RowCounts;
  batches(rows: number): Iterable<RowBatch>;
}

/** A place among points or weights that the caller holds in an array. */
export function placeInArray(row?: number, column?: number): Place {
  if (row === undefined) return { words: column === undefined ? "the points" : "`pointWeights`", details: {} };
  if (column === undefined) return { words: `row ${row} (counted from 0)`, details: { row } };
  return { words: `row ${row}, column ${column} (both counted from 0)`, details: { row, column } };
}

/** The first column without a finite number in this row, or `columns`. */
export function firstGap(batch: RowBatch, row: number, columns: number): number {
  let column = 0;
  while (column < columns && Number.isFinite(batch.value(row, column))) column++;
  return column;
}

/** How many rows of a batch have a finite number in every column. */
export function completeRows(batch: RowBatch, columns: number): number {
  let complete = 0;
  for (let row = 0; row < batch.rowCount; row++) if (firstGap(batch, row, columns) === columns) complete++;
  return complete;
}
