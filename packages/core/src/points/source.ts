import type { Place } from "./place.ts";
import type { Dtype } from "./tiles.ts";

/** What a row without a finite number in every feature means: an error, or a row to leave out. */
export type MissingOption = "error" | "drop";

/** Consecutive rows of a source, in its order. */
export interface RowBatch {
  readonly rowCount: number;
  /** The number in a row (counted from 0 within the batch) and a column; NaN if there is none. */
  readonly value: (row: number, column: number) => number;
}

export interface RowCounts {
  readonly rows: number;
  /** How many rows have a finite number in every column; null if the source has not counted them. */
  readonly complete: number | null;
}

/** Rows of numbers, wherever they come from: d features, followed by the weight if the source has one. */
export interface PointSource {
  /** d */
  readonly features: number;
  /** How its points should be stored. */
  readonly dtype: Dtype;
  /** Whether column d is the weight of each point. */
  readonly weighted: boolean;
  /** Counts the rows; also the complete ones if rows are to be dropped and the source can count them quickly. */
  count(missing: MissingOption): RowCounts | Promise<RowCounts>;
  /** All rows in order, in batches. May be called more than once. in: rows, how many there are */
  batches(rows: number): Iterable<RowBatch> | AsyncIterable<RowBatch>;
  /** Names a number, a row, a column or, without arguments, the whole source. in: row and column, counted from 0 */
  place(row?: number, column?: number): Place;
}

/** A source whose numbers are in memory, so that nothing needs to be awaited. */
export interface ArraySource extends PointSource {
  count(missing: MissingOption): RowCounts;
  batches(rows: number): Iterable<RowBatch>;
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
