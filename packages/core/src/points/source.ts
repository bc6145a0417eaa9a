import type { Place } from "./place.ts";
import { rowsInStretch } from "./stretches.ts";
import type { Dtype } from "./tiles.ts";

/** What a row without a finite number in every feature means: an error, or a row to leave out. */
export type MissingOption = "error" | "drop";

/** The numbers of a column, that of row r at offset + r · stride; NaN where there is none. */
export interface NumberColumn {
  readonly values: Float64Array | Float32Array;
  readonly offset: number;
  readonly stride: number;
}

/** Consecutive rows of a source, in its order. They are gone once the next batch is asked for. */
export interface RowBatch {
  readonly rowCount: number;
  /** the features, followed by the weight if the source has one */
  readonly columns: readonly NumberColumn[];
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

/** Rows that lie one after another. in: values, rowCount × width */
export function rowMajorBatch(values: NumberColumn["values"], rowCount: number, width: number): RowBatch {
  const columns: NumberColumn[] = [];
  for (let offset = 0; offset < width; offset++) columns.push({ values, offset, stride: width });
  return { rowCount, columns };
}

/** The number in a row (counted from 0 within the batch) and a column. */
export function numberAt({ columns }: RowBatch, row: number, column: number): number {
  const { values, offset, stride } = columns[column];
  return values[offset + row * stride];
}

/** The first column without a finite number in a row, or how many columns there are. */
export function firstGap(batch: RowBatch, row: number): number {
  const gap = batch.columns.findIndex((_, column) => !Number.isFinite(numberAt(batch, row, column)));
  return gap < 0 ? batch.columns.length : gap;
}

/** A batch in parts that are gone over at a time. */
export function* partsOf({ rowCount, columns }: RowBatch): Generator<RowBatch> {
  const step = rowsInStretch(columns.length);
  if (rowCount <= step) {
    yield { rowCount, columns };
    return;
  }
  for (let first = 0; first < rowCount; first += step) {
    const from = columns.map(({ values, offset, stride }) => ({ values, offset: offset + first * stride, stride }));
    yield { rowCount: Math.min(step, rowCount - first), columns: from };
  }
}

/** How many rows of a batch have a finite number in every column. */
export function completeRows(batch: RowBatch): number {
  let complete = batch.rowCount;
  for (const gap of gapsIn(batch)) complete -= gap;
  return complete;
}

interface RowVisitor {
  readonly complete: (row: number, count: number) => void;
  readonly lacking: (row: number) => void;
}

/** Visits the runs of neighbouring rows that lack no number, and the rows that lack one, in their order. */
export function visitRows(batch: RowBatch, visitor: RowVisitor): void {
  const gaps = gapsIn(batch);
  for (let row = 0; row < gaps.length; row++) {
    const gap = gaps.indexOf(1, row);
    const end = gap < 0 ? gaps.length : gap;
    if (end > row) visitor.complete(row, end - row);
    if (gap >= 0) visitor.lacking(gap);
    row = end;
  }
}

/** out: for each row, 1 where a column has no finite number, else 0 */
function gapsIn({ rowCount, columns }: RowBatch): Uint8Array {
  const gaps = new Uint8Array(rowCount);
  for (const { values, offset, stride } of columns) {
    for (let row = 0, at = offset; row < rowCount; row++, at += stride) {
      // NaN and ±∞ alone leave something when they are taken from themselves.
      if (values[at] - values[at] !== 0) gaps[row] = 1;
    }
  }
  return gaps;
}
