import {
  Bool,
  type Data,
  type DataType,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import type { Cell, OutputColumn, OutputTable, OutputType } from "./output-table.ts";

/** An Arrow IPC file (.arrow, Feather 2), a record batch at a time. */
export async function* arrowBytes({ columns, batches }: OutputTable): AsyncGenerator<Uint8Array> {
  const schema = new Schema(columns.map(({ name, type }) => new Field(name, TYPES[type](), true)));
  const writer = new CountingWriter();
  const written = writer[Symbol.asyncIterator]();
  let taken = 0;
  writer.reset(undefined, schema);
  for await (const { rowCount, columns: cells } of batches) {
    const children = columns.map((column, index) => dataOf(column, cells[index]));
    writer.write(
      new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rowCount, nullCount: 0, children })),
    );
    for (; taken < writer.position; ) {
      const { value } = await written.next();
      taken += value.byteLength;
      yield value;
    }
  }
  writer.finish();
  for (let rest = await written.next(); !rest.done; rest = await written.next()) yield rest.value;
}

/** A writer that tells how much it has written, so that its queue can be emptied before it gets more. */
class CountingWriter extends RecordBatchFileWriter {
  get position(): number {
    return this._position;
  }
}

const TYPES: Readonly<Record<OutputType, () => DataType>> = {
  integer: () => new Int64(),
  number: () => new Float64(),
  boolean: () => new Bool(),
  text: () => new Utf8(),
};

function dataOf({ type }: OutputColumn, cells: readonly Cell[]): Data {
  if (type === "integer" || type === "number") return numbersOf(type, cells as readonly (number | null)[]);
  return vectorFromArray(cells, TYPES[type]()).data[0];
}

function numbersOf(type: "integer" | "number", cells: readonly (number | null)[]): Data {
  const length = cells.length;
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (const [row, cell] of cells.entries()) {
    if (cell === null) nullCount++;
    else nullBitmap[row >> 3] |= 1 << (row & 7);
  }
  if (type === "number") {
    const data = Float64Array.from(cells, (cell) => cell ?? 0);
    return makeData({ type: new Float64(), length, nullCount, nullBitmap, data });
  }
  const data = BigInt64Array.from(cells, (cell) => BigInt(cell ?? 0));
  return makeData({ type: new Int64(), length, nullCount, nullBitmap, data });
}
