import { type FileHandle, open } from "node:fs/promises";
import { endianness } from "node:os";
import type { RowBatch } from "@emix/core";
import { badFile, emptyFile } from "../errors.ts";
import { ahead } from "../input/ahead.ts";
import { unreadable } from "../input/bytes.ts";
import type { InputFile } from "../input/input.ts";
import { readFully } from "../read-fully.ts";
import { evaluateExpressions, typeOfExpression } from "../sql/evaluate-expressions.ts";
import {
  type Column,
  PLAIN_COLUMN,
  type Source,
  type TextBatch,
  type ValueBatch,
  type ValueTable,
  WIDE_INTEGERS,
} from "../table.ts";
import { textsOf, valuesOf } from "../tables/values.ts";
import { type NpyHeader, readNpyHeader } from "./npy-header.ts";
import type { NpyPlace } from "./npy-place.ts";

/** Bytes of a file held at a time. */
const CHUNK_BYTES = 1 << 20;

/**
 * An .npy file (versions 1 to 3, n or n × d real numbers, either order) as a table with the columns x0, x1, …
 * @throws BAD_FILE, EMPTY_DATA
 */
export async function openNpy({ path, name }: InputFile): Promise<ValueTable> {
  const file = await openHandle(path, name);
  return openArray(file, { path, name, start: 0, size: (await file.stat()).size, close: async () => {} }, "npy");
}

export function openHandle(path: string, name: string): Promise<FileHandle> {
  return open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(name, error);
  });
}

/** The file is the table's from here on. */
export async function openArray(file: FileHandle, place: NpyPlace, format: string): Promise<ValueTable> {
  try {
    const header = await readNpyHeader(file, place);
    if (header.rows === 0) throw emptyFile(place.name);
    return new NpyTable(file, place, header, format);
  } catch (error) {
    await file.close();
    await place.close();
    throw error;
  }
}

class NpyTable implements ValueTable {
  readonly path: string;
  readonly format: string;
  readonly columns: readonly Column[];
  readonly text = null;
  readonly missing: ReadonlyMap<string, number> = new Map();
  readonly notes: readonly string[] = [];
  readonly #file: FileHandle;
  readonly #header: NpyHeader;
  readonly #place: NpyPlace;
  /** rows that the pass under way has read */
  #given = 0;

  constructor(file: FileHandle, place: NpyPlace, header: NpyHeader, format: string) {
    this.path = place.name;
    this.format = format;
    const { single, kind, exact } = header.element;
    const notes = exact ? {} : WIDE_INTEGERS;
    const plain: Omit<Column, "name"> = { ...PLAIN_COLUMN, kind, type: "numbers", single, ...notes };
    this.columns = Array.from({ length: header.columns }, (_, column) => ({ ...plain, name: `x${column}` }));
    this.#file = file;
    this.#header = header;
    this.#place = place;
  }

  progress(): number {
    return this.#given / this.#header.rows;
  }

  async count(limit: number): Promise<number> {
    return Math.min(this.#header.rows, limit);
  }

  async *numbers(sources: readonly Source[], limit: number): AsyncGenerator<RowBatch> {
    if (sources.some((source) => "expression" in source)) yield* evaluateExpressions(this, sources, limit, () => {});
    else {
      const places = sources.map((source) => ("column" in source ? source.column : 0));
      const rows = Math.min(this.#header.rows, limit);
      yield* this.#header.columnMajor ? this.#columnMajorBatches(places, rows) : this.#rowMajorBatches(places, rows);
    }
  }

  values(columns: readonly number[], limit: number): AsyncIterable<ValueBatch> {
    return valuesOf((sources, most) => this.numbers(sources, most), columns, limit);
  }

  texts(columns: readonly number[], limit: number): AsyncIterable<TextBatch> {
    return textsOf(this.values(columns, limit));
  }

  typeOf(name: string, expression: string): Promise<string> {
    return typeOfExpression(this, name, expression);
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.#place.close();
  }

  async *#rowMajorBatches(places: readonly number[], rows: number): AsyncGenerator<RowBatch> {
    const { columns, element } = this.#header;
    const step = rowsPerChunk(columns * element.bytes, rows);
    const fill = (chunk: Buffer, first: number, rowCount: number) =>
      this.#read(chunk.subarray(0, rowCount * columns * element.bytes), first * columns);
    for await (const { buffer, rowCount } of this.#chunks({ rows, step, width: columns }, fill)) {
      const values = element.floats(buffer, rowCount * columns);
      yield { rowCount, columns: places.map((offset) => ({ values, offset, stride: columns })) };
    }
  }

  async *#columnMajorBatches(places: readonly number[], rows: number): AsyncGenerator<RowBatch> {
    const { rows: height, element } = this.#header;
    const width = places.length;
    const step = rowsPerChunk(width * element.bytes, rows);
    const fill = async (chunk: Buffer, first: number, rowCount: number) => {
      for (const [column, place] of places.entries()) {
        const start = column * step * element.bytes;
        await this.#read(chunk.subarray(start, start + rowCount * element.bytes), place * height + first);
      }
    };
    for await (const { buffer, rowCount } of this.#chunks({ rows, step, width }, fill)) {
      const values = element.floats(buffer, step * width);
      yield { rowCount, columns: places.map((_, column) => ({ values, offset: column * step, stride: 1 })) };
    }
  }

  /** in: step, rows of a chunk; width, elements that it has of each; fill reads rows into a chunk */
  #chunks(
    { rows, step, width }: { readonly rows: number; readonly step: number; readonly width: number },
    fill: (chunk: Buffer, first: number, rowCount: number) => Promise<void>,
  ): AsyncGenerator<Chunk> {
    const buffers = [0, 1].map(() => new ArrayBuffer(step * width * this.#header.element.bytes));
    let first = 0;
    return ahead(async () => {
      if (first >= rows) return null;
      const [buffer] = buffers.reverse();
      const rowCount = Math.min(step, rows - first);
      const start = first;
      first += rowCount;
      this.#given = start;
      await fill(Buffer.from(buffer), start, rowCount);
      return { buffer, rowCount };
    });
  }

  /** Reads elements from the one of this index on, in this machine's byte order. */
  async #read(bytes: Buffer, index: number): Promise<void> {
    const { dataOffset, element, bigEndian } = this.#header;
    const got = await readFully(this.#file, bytes, dataOffset + index * element.bytes);
    if (got < bytes.length) throw badFile(this.path, "it became shorter while it was being read");
    if (bigEndian !== (endianness() === "BE")) swapBytes(bytes, element.bytes);
  }
}

/** Rows as they lie in the file. */
interface Chunk {
  readonly buffer: ArrayBuffer;
  readonly rowCount: number;
}

function rowsPerChunk(rowBytes: number, rows: number): number {
  return Math.max(1, Math.min(rows, Math.floor(CHUNK_BYTES / rowBytes)));
}

function swapBytes(bytes: Buffer, size: number): void {
  if (size === 8) bytes.swap64();
  else if (size === 4) bytes.swap32();
  else if (size === 2) bytes.swap16();
}
