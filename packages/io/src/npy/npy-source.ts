import { type FileHandle, open } from "node:fs/promises";
import { endianness } from "node:os";
import type { RowBatch, RowCounts } from "@emix/core";
import { type ChosenColumn, chooseColumns } from "../columns.ts";
import { badExpression, badFile } from "../errors.ts";
import { FilePoints, type OpenOptions } from "../file-points.ts";
import { readFully } from "../read-fully.ts";
import { type NpyHeader, readNpyHeader } from "./npy-header.ts";

/** Bytes of a file held at a time. */
const CHUNK_BYTES = 1 << 22;

/**
 * An .npy file (versions 1 to 3, n or n × d real numbers, either order) as a source of points.
 * @throws BAD_FILE, UNKNOWN_COLUMN, INVALID_OPTION
 */
export async function openNpy(path: string, options: OpenOptions): Promise<FilePoints> {
  const file = await open(path).catch((error: Error) => {
    throw badFile(path, error.message, {}, error);
  });
  try {
    return new NpySource(path, file, await readNpyHeader(file, path), options);
  } catch (error) {
    await file.close();
    throw error;
  }
}

class NpySource extends FilePoints {
  readonly #file: FileHandle;
  readonly #header: NpyHeader;
  readonly #rows: number;
  /** Which columns of the file to read: the features', then the weight's. */
  readonly #places: readonly number[];

  constructor(path: string, file: FileHandle, header: NpyHeader, options: OpenOptions) {
    const known = Array.from({ length: header.columns }, (_, column) => `x${column}`);
    super(path, chooseColumns(path, options, known, known), options.dtype ?? header.element.dtype);
    this.#file = file;
    this.#header = header;
    this.#rows = Math.min(header.rows, options.limit);
    this.#places = this.chosen.map((column) => placeOf(column, known));
  }

  async count(): Promise<RowCounts> {
    return { rows: this.#rows, complete: null };
  }

  batches(rows: number): AsyncIterable<RowBatch> {
    return this.#header.columnMajor ? this.#columnMajorBatches(rows) : this.#rowMajorBatches(rows);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async *#rowMajorBatches(rows: number): AsyncGenerator<RowBatch> {
    const { columns, element } = this.#header;
    const places = this.#places;
    const step = rowsPerChunk(columns * element.bytes, rows);
    const chunk = Buffer.from(new ArrayBuffer(step * columns * element.bytes));
    const values = element.view(chunk.buffer);
    const value = (row: number, column: number) => Number(values[row * columns + places[column]]);
    for (let first = 0; first < rows; first += step) {
      const rowCount = Math.min(step, rows - first);
      await this.#read(chunk.subarray(0, rowCount * columns * element.bytes), first * columns);
      yield { rowCount, value };
    }
  }

  async *#columnMajorBatches(rows: number): AsyncGenerator<RowBatch> {
    const { rows: stride, element } = this.#header;
    const places = this.#places;
    const step = rowsPerChunk(places.length * element.bytes, rows);
    const columnBytes = step * element.bytes;
    const chunk = Buffer.from(new ArrayBuffer(columnBytes * places.length));
    const values = element.view(chunk.buffer);
    const value = (row: number, column: number) => Number(values[column * step + row]);
    for (let first = 0; first < rows; first += step) {
      const rowCount = Math.min(step, rows - first);
      for (const [column, place] of places.entries()) {
        const start = column * columnBytes;
        await this.#read(chunk.subarray(start, start + rowCount * element.bytes), place * stride + first);
      }
      yield { rowCount, value };
    }
  }

  /** Reads elements from the one of this index on, in this machine's byte order. */
  async #read(bytes: Buffer, index: number): Promise<void> {
    const { dataOffset, element, bigEndian } = this.#header;
    const got = await readFully(this.#file, bytes, dataOffset + index * element.bytes);
    if (got < bytes.length) throw badFile(this.path, "it became shorter while it was being read");
    if (bigEndian !== (endianness() === "BE")) swapBytes(bytes, element.bytes);
  }
}

function placeOf({ name, expression }: ChosenColumn, known: readonly string[]): number {
  if (expression !== null) throw badExpression(`${name}=${expression}`, "an .npy file takes names only (x0, x1, …)");
  return known.indexOf(name);
}

function rowsPerChunk(rowBytes: number, rows: number): number {
  return Math.max(1, Math.min(rows, Math.floor(CHUNK_BYTES / rowBytes)));
}

function swapBytes(bytes: Buffer, size: number): void {
  if (size === 8) bytes.swap64();
  else if (size === 4) bytes.swap32();
  else if (size === 2) bytes.swap16();
}
