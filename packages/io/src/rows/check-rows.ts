import {
  firstGap,
  type MissingOption,
  nonFinitePoint,
  numberAt,
  type PointSource,
  type RowBatch,
  requireTotal,
  requireWeight,
  rowWithoutNumber,
} from "@emix/core";

export interface RowsFound {
  /** rows of the file */
  readonly rows: number;
  /** how many of them lack a number */
  readonly dropped: number;
}

/** What becomes of a row that lacks a number: with "marginal", the model is asked about the columns that it has. */
export type MissingRows = MissingOption | "marginal";

/**
 * Counts the rows of a source, and those that lack a number or a weight and are to be dropped.
 * @throws NON_FINITE_POINT, unless they are to be dropped; with "marginal", for a row that lacks every number;
 * INVALID_WEIGHT, ZERO_TOTAL_WEIGHT
 */
export async function checkRows(source: PointSource, missing: MissingRows): Promise<RowsFound> {
  const { rows, complete } = await source.count("drop");
  const { features, weighted } = source;
  if (complete === rows && !weighted) return { rows, dropped: 0 };
  const columns = weighted ? features + 1 : features;
  let dropped = 0;
  let total = 0;
  let first = 0;
  for await (const batch of source.batches(rows)) {
    for (let row = 0; row < batch.rowCount; row++) {
      const column = firstGap(batch, row);
      if (column >= columns) {
        if (weighted) total += requireWeight(numberAt(batch, row, features), source.place(first + row, features));
        continue;
      }
      if (missing === "marginal") {
        if (lacksAll(batch, row, features)) throw rowWithoutNumber(source.place(first + row));
        continue;
      }
      if (missing === "error") throw nonFinitePoint(source.place(first + row, column), numberAt(batch, row, column));
      dropped++;
    }
    first += batch.rowCount;
  }
  if (weighted) requireTotal(total, source.place(undefined, features));
  return { rows, dropped };
}

function lacksAll(batch: RowBatch, row: number, features: number): boolean {
  for (let j = 0; j < features; j++) if (Number.isFinite(numberAt(batch, row, j))) return false;
  return true;
}
