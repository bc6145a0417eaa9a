import {
  firstGap,
  type MissingOption,
  nonFinitePoint,
  numberAt,
  type PointSource,
  requireTotal,
  requireWeight,
} from "@emix/core";

export interface RowsFound {
  /** rows of the file */
  readonly rows: number;
  /** of them, those that lack a number */
  readonly dropped: number;
}

/**
 * Counts the rows of a source, and those that lack a number or a weight.
 * @throws NON_FINITE_POINT, unless they are to be dropped; INVALID_WEIGHT, ZERO_TOTAL_WEIGHT
 */
export async function checkRows(source: PointSource, missing: MissingOption): Promise<RowsFound> {
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
      if (missing === "error") throw nonFinitePoint(source.place(first + row, column), numberAt(batch, row, column));
      dropped++;
    }
    first += batch.rowCount;
  }
  if (weighted) requireTotal(total, source.place(undefined, features));
  return { rows, dropped };
}
