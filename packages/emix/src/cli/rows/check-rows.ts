import { firstGap, type MissingOption, nonFinitePoint, numberAt, type PointSource } from "@emix/core";

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
      const column = firstGap(batch, row);
      if (column >= source.features) continue;
      if (missing === "error") throw nonFinitePoint(source.place(first + row, column), numberAt(batch, row, column));
      dropped++;
    }
    first += batch.rowCount;
  }
  return { rows, dropped };
}
