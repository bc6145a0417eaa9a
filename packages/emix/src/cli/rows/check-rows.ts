import { type MissingOption, nonFinitePoint, type PointSource, type RowBatch } from "@emix/core";

export interface RowsFound {
  /** rows of the file */
  readonly rows: number;
  /** of them, those that lack a number */
  readonly dropped: number;
}

/** Counts the rows of a source, and those that lack a number. @throws NON_FINITE_POINT, unless they are to be dropped */
export async function checkRows(source: PointSource, missing: MissingOption): Promise<RowsFound> {
  const { rows, complete } = await source.count("drop");
  if (complete === rows) return { rows, dropped: 0 };
  let dropped = 0;
  let first = 0;
  for await (const batch of source.batches(rows)) {
    for (let row = 0; row < batch.rowCount; row++) {
      const column = gapIn(batch, row, source.features);
      if (column === source.features) continue;
      if (missing === "error") throw nonFinitePoint(source.place(first + row, column), batch.value(row, column));
      dropped++;
    }
    first += batch.rowCount;
  }
  return { rows, dropped };
}

/** The first column without a finite number, or the number of columns. */
function gapIn({ value }: RowBatch, row: number, columns: number): number {
  let column = 0;
  while (column < columns && Number.isFinite(value(row, column))) column++;
  return column;
}
