import { firstGap, type MissingOption, type PointSource, type RowBatch } from "@emix/core";

/** Some of the complete rows of a source, as a source of their own. */
export class RangeSource implements PointSource {
  readonly features: number;
  readonly dtype: PointSource["dtype"];
  readonly weighted: boolean;
  readonly place: PointSource["place"];
  readonly #source: PointSource;
  readonly #rows: number;
  readonly #missing: MissingOption;
  readonly #first: number;
  readonly #end: number;

  /** in: rows, those of the source; first and end, the complete ones that are wanted, counted from 0 */
  constructor(
    source: PointSource,
    range: { readonly rows: number; readonly missing: MissingOption; readonly first: number; readonly end: number },
  ) {
    this.#source = source;
    this.features = source.features;
    this.dtype = source.dtype;
    this.weighted = source.weighted;
    this.place = (row, column) => source.place(row === undefined ? undefined : row + range.first, column);
    this.#rows = range.rows;
    this.#missing = range.missing;
    this.#first = range.first;
    this.#end = range.end;
  }

  count(): { rows: number; complete: number } {
    const rows = this.#end - this.#first;
    return { rows, complete: rows };
  }

  async *batches(): AsyncGenerator<RowBatch> {
    // Files that are only counted in this way may be read again.
    await this.#source.count("error");
    let seen = 0;
    for await (const batch of this.#source.batches(this.#rows)) {
      for (const run of this.#missing === "drop" ? completeRuns(batch) : [batch]) {
        const from = Math.max(this.#first - seen, 0);
        const to = Math.min(this.#end - seen, run.rowCount);
        if (from < to) yield rowsBetween(run, from, to);
        seen += run.rowCount;
      }
      if (seen >= this.#end) return;
    }
  }
}

/** The rows [first, end) of a batch. */
function rowsBetween({ columns }: RowBatch, first: number, end: number): RowBatch {
  return {
    rowCount: end - first,
    columns: columns.map(({ values, offset, stride }) => ({ values, offset: offset + first * stride, stride })),
  };
}

/** The runs of neighbouring rows that lack no number. */
export function* completeRuns(batch: RowBatch): Generator<RowBatch> {
  const width = batch.columns.length;
  for (let first = 0, row = 0; row <= batch.rowCount; row++) {
    if (row < batch.rowCount && firstGap(batch, row) === width) continue;
    if (row > first) yield rowsBetween(batch, first, row);
    first = row + 1;
  }
}
