import type { Dtype } from "@emix/core";
import type { ColumnChoice } from "./columns.ts";

/** Consecutive rows of a file, in its order. */
export interface RowBatch {
  readonly rowCount: number;
  /** The number in a row (from 0 within the batch) of a chosen column; NaN where the file has none. */
  value(row: number, column: number): number;
}

export interface RowCounts {
  /** Rows of the file, up to the limit. */
  readonly rows: number;
  /** Those that have a finite number in every chosen column; the same as `rows` where incomplete ones are an error. */
  readonly complete: number;
}

/** An open file, seen as rows of numbers: the chosen features, and after them the weight if there is one. */
export interface PointSource {
  readonly path: string;
  /** The features' names. */
  readonly columns: readonly string[];
  /** The weight's name. */
  readonly weightColumn: string | null;
  /** f32 where every chosen column is stored so. */
  readonly dtype: Dtype;
  /** The first pass. */
  count(missing: MissingPolicy): Promise<RowCounts>;
  /** The second pass: `rows` rows in all. */
  batches(rows: number): AsyncIterable<RowBatch>;
  /** Gives up files, memory and threads. */
  close(): Promise<void>;
}

/** What to do about a row without a finite number in every chosen column: refuse the file, or leave the row out. */
export type MissingPolicy = "error" | "drop";

export const MISSING_POLICIES: readonly MissingPolicy[] = ["error", "drop"];

/** What opening a file takes from the options. */
export interface OpenOptions extends ColumnChoice {
  /** Infinity for all rows. */
  readonly limit: number;
  readonly header: boolean | undefined;
}

/** The first column without a finite number in this row, or `columns`. */
export function firstGap(batch: RowBatch, row: number, columns: number): number {
  let column = 0;
  while (column < columns && Number.isFinite(batch.value(row, column))) column++;
  return column;
}
