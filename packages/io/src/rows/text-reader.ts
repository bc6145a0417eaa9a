import type { TextBatch } from "../table.ts";

/** Texts of rows, taken as many at a time as are wanted. */
export class TextReader {
  readonly #width: number;
  readonly #batches: AsyncIterator<TextBatch>;
  #batch: TextBatch | null = null;
  #row = 0;

  /** in: width, the number of columns */
  constructor(batches: AsyncIterable<TextBatch>, width: number) {
    this.#width = width;
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** out: by column; null beyond the end */
  async take(rows: number): Promise<(string | null)[][]> {
    const columns: (string | null)[][] = Array.from({ length: this.#width }, () => []);
    let left = rows;
    while (left > 0) {
      const batch = await this.#current();
      if (batch === null) break;
      const end = Math.min(this.#row + left, batch.rowCount);
      for (const [index, column] of columns.entries()) {
        for (let row = this.#row; row < end; row++) column.push(batch.columns[index][row]);
      }
      left -= end - this.#row;
      this.#row = end;
    }
    for (const column of columns) while (column.length < rows) column.push(null);
    return columns;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }

  /** The batch with the next row. */
  async #current(): Promise<TextBatch | null> {
    while (this.#batch === null || this.#row === this.#batch.rowCount) {
      const { value, done } = await this.#batches.next();
      if (done) return null;
      this.#batch = value as TextBatch;
      this.#row = 0;
    }
    return this.#batch;
  }
}
