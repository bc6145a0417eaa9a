import { numberAt, type RowBatch } from "@emix/core";
import type { Source, TextBatch, ValueBatch } from "../table.ts";

/** Numbers as SQL takes them. */
export async function* valuesOf(
  numbers: (sources: readonly Source[], limit: number) => AsyncIterable<RowBatch>,
  columns: readonly number[],
  limit: number,
): AsyncGenerator<ValueBatch> {
  const sources = columns.map((column) => ({ column, element: null }));
  for await (const batch of numbers(sources, limit)) {
    const { rowCount } = batch;
    for (let first = 0; first < rowCount; first += ROWS_AT_ONCE) {
      const rows = Math.min(ROWS_AT_ONCE, rowCount - first);
      const cell = (column: number) => (_: unknown, row: number) => {
        const number = numberAt(batch, first + row, column);
        return Number.isNaN(number) ? null : number;
      };
      yield { rowCount: rows, columns: columns.map((_, column) => Array.from({ length: rows }, cell(column))) };
    }
  }
}

const ROWS_AT_ONCE = 2048;

/** Numbers as texts. */
export async function* textsOf(batches: AsyncIterable<ValueBatch>): AsyncGenerator<TextBatch> {
  for await (const { rowCount, columns } of batches) {
    yield {
      rowCount,
      columns: columns.map((column) => column.map((value) => (value === null ? null : String(value)))),
    };
  }
}
