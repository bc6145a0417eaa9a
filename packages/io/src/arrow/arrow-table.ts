import * as zlib from "node:zlib";
import type { NumberColumn, RowBatch } from "@emix/core";
import type { DataType, RecordBatch, Vector } from "apache-arrow";
import { badFile, emptyFile } from "../errors.ts";
import type { InputFile } from "../input/input.ts";
import { evaluateExpressions, typeOfExpression } from "../sql/evaluate-expressions.ts";
import { type Column, isUsable, type Source, type TextBatch, type ValueBatch, type ValueTable } from "../table.ts";
import { columnsOf, numberOf, sqlValueOf, textOf, valueAt } from "./arrow-columns.ts";
import { batchesOf } from "./batches.ts";
import { registerCodecs } from "./codecs.ts";

/** An Arrow IPC file or stream, .feather of version 2 too, a record batch at a time. @throws BAD_FILE, EMPTY_DATA */
export async function openArrow(file: InputFile, stop: () => void): Promise<ValueTable> {
  registerCodecs(zlib);
  for await (const batch of batchesOf(file)) if (batch.numRows > 0) return new ArrowTable(file, columnsOf(batch), stop);
  throw emptyFile(file.name);
}

class ArrowTable implements ValueTable {
  readonly path: string;
  readonly format = "arrow";
  readonly text = null;
  readonly columns: readonly Column[];
  readonly missing: ReadonlyMap<string, number> = new Map();
  readonly notes: readonly string[] = [];
  readonly #file: InputFile;
  readonly #stop: () => void;

  constructor(file: InputFile, columns: readonly Column[], stop: () => void) {
    this.path = file.name;
    this.columns = columns;
    this.#file = file;
    this.#stop = stop;
  }

  progress(): number {
    return 0;
  }

  async count(limit: number): Promise<number> {
    let rows = 0;
    for await (const batch of batchesOf(this.#file)) {
      this.#stop();
      rows += batch.numRows;
      if (rows >= limit) return limit;
    }
    return rows;
  }

  async *numbers(sources: readonly Source[], limit: number): AsyncGenerator<RowBatch> {
    if (sources.some((source) => "expression" in source)) {
      yield* evaluateExpressions(this, sources, limit, this.#stop);
      return;
    }
    let row = 0;
    for await (const batch of batchesOf(this.#file)) {
      const readers = sources.map((source) => this.#reader(batch, source, row));
      for (let first = 0; first < batch.numRows && row < limit; first += ROWS_AT_ONCE) {
        this.#stop();
        const rowCount = Math.min(ROWS_AT_ONCE, batch.numRows - first, limit - row);
        yield { rowCount, columns: readers.map((read) => read(first, rowCount)) };
        row += rowCount;
      }
      if (row >= limit) return;
    }
  }

  values(columns: readonly number[], limit: number): AsyncGenerator<ValueBatch> {
    return this.#cells(columns, limit, sqlValueOf);
  }

  texts(columns: readonly number[], limit: number): AsyncGenerator<TextBatch> {
    return this.#cells(columns, limit, textOf);
  }

  typeOf(name: string, expression: string): Promise<string> {
    return typeOfExpression(this, name, expression);
  }

  async close(): Promise<void> {}

  /** The values of columns, each made into what is asked for, by column. */
  async *#cells<T>(columns: readonly number[], limit: number, make: (type: DataType, value: unknown) => T) {
    let row = 0;
    for await (const batch of batchesOf(this.#file)) {
      const vectors = columns.map((column) => batch.getChildAt(column) as Vector);
      for (let first = 0; first < batch.numRows && row < limit; first += ROWS_AT_ONCE) {
        const rowCount = Math.min(ROWS_AT_ONCE, batch.numRows - first, limit - row);
        const cell = (vector: Vector) => (_: unknown, index: number) =>
          make(vector.type, valueAt(vector, first + index));
        yield { rowCount, columns: vectors.map((vector) => Array.from({ length: rowCount }, cell(vector))) };
        row += rowCount;
      }
      if (row >= limit) return;
    }
  }

  /** Reads the numbers of a source in a batch whose first row is this one of the file. */
  #reader(batch: RecordBatch, source: Source, firstRow: number): ColumnReader {
    if (!("column" in source) || !isUsable(this.columns[source.column])) return cellReader(() => Number.NaN);
    const vector = batch.getChildAt(source.column) as Vector;
    const { element } = source;
    if (element !== null) return cellReader(this.#elementReader(vector, source.column, { element, firstRow }));
    const { type } = vector as { type: DataType };
    const plain = vector.nullCount === 0 && vector.data.length === 1 ? plainValues(vector) : null;
    if (plain === null) return cellReader((row) => numberOf(type, valueAt(vector, row)));
    if (!(plain instanceof Int32Array)) return (first) => ({ values: plain, offset: first, stride: 1 });
    return (first, count) => ({ values: new Float64Array(plain.subarray(first, first + count)), offset: 0, stride: 1 });
  }

  #elementReader(vector: Vector, column: number, { element, firstRow }: { element: number; firstRow: number }) {
    const { name, length } = this.columns[column];
    const type = vector.type.children[0].type as DataType;
    return (row: number) => {
      const list = valueAt(vector, row) as Vector | null;
      if (list !== null && list.length !== length) {
        const problem = `expected ${length} numbers in row ${firstRow + row + 1}, column ${JSON.stringify(name)}, got ${list.length}`;
        throw badFile(this.path, problem, {
          row: firstRow + row + 1,
          column: name,
          expected: length,
          got: list.length,
        });
      }
      return list === null ? Number.NaN : numberOf(type, list.get(element));
    };
  }
}

const ROWS_AT_ONCE = 4096;

/** Gives the numbers of this many rows, from this row of a batch on. */
type ColumnReader = (first: number, count: number) => NumberColumn;

function cellReader(read: (row: number) => number): ColumnReader {
  return (first, count) => ({
    values: Float64Array.from({ length: count }, (_, row) => read(first + row)),
    offset: 0,
    stride: 1,
  });
}

/** A vector's numbers as they lie in memory, where they are plain doubles, floats or small integers. */
function plainValues(vector: Vector): Float64Array | Float32Array | Int32Array | null {
  const { values, offset } = vector.data[0] as { values: unknown; offset: number };
  const known = values instanceof Float64Array || values instanceof Float32Array || values instanceof Int32Array;
  return known &&
    offset === 0 &&
    values.length >= vector.length &&
    !("children" in vector.type && vector.type.children?.length)
    ? values
    : null;
}
