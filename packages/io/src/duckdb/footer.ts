import { open } from "node:fs/promises";
import { badFile } from "../errors.ts";
import { unreadable } from "../input/bytes.ts";
import type { InputFile } from "../input/input.ts";
import { readFully } from "../read-fully.ts";

// The footer of a Parquet file is a structure of Thrift's compact protocol. DuckDB allocates as many elements as a list
// claims, hundreds of bytes each, before it reads the first one and beside its memory limit: a file of 2 kB took 1.6 GB.
// So the footer is walked first, element by element.

const TAIL_BYTES = 8;
const DEEPEST = 64;
/** A field's head, its value, and the end. */
const SHORTEST_BYTES = 3;

/** The types of the protocol. */
const [STOP, TRUE, FALSE, BYTE] = [0, 1, 2, 3];
const [DOUBLE, BINARY, LIST, SET, MAP, STRUCT, UUID] = [7, 8, 9, 10, 11, 12, 13];
const LONG_LIST = 15;

/** Throws unless all that the footer claims lies in it. A file that has none is left to the database. @throws BAD_FILE */
export async function checkFooter({ path, name }: InputFile): Promise<void> {
  const footer = await readFooter(path, name);
  if (footer === null) return;
  try {
    new Walk(footer).structure(0);
  } catch (error) {
    throw badFile(name, "the footer of this Parquet file is damaged", {}, error);
  }
}

async function readFooter(path: string, name: string): Promise<Buffer | null> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(name, error);
  });
  try {
    const { size } = await file.stat();
    if (size < TAIL_BYTES) return null;
    const tail = Buffer.alloc(TAIL_BYTES);
    await readFully(file, tail, size - TAIL_BYTES);
    const length = tail.readUInt32LE(0);
    if (tail.toString("latin1", 4) !== "PAR1" || length + TAIL_BYTES > size) return null;
    const footer = Buffer.alloc(length);
    await readFully(file, footer, size - TAIL_BYTES - length);
    return footer;
  } finally {
    await file.close();
  }
}

/** Goes over the elements of a structure, and throws where they do not lie within the bytes. */
class Walk {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  structure(depth: number): void {
    if (depth > DEEPEST) throw new Error("structures lie too deep in each other");
    for (;;) {
      const head = this.#byte();
      const type = head & 15;
      if (type === STOP) return;
      if (head >> 4 === 0) this.#number();
      // A field that is true or false has its value in its type.
      if (type !== TRUE && type !== FALSE) this.#value(type, depth);
    }
  }

  #value(type: number, depth: number): void {
    if (type === STRUCT) this.structure(depth + 1);
    else if (type === LIST || type === SET) this.#list(depth);
    else if (type === MAP) this.#map(depth);
    else if (type === BINARY) this.#skip(this.#number());
    else if (type === DOUBLE) this.#skip(8);
    else if (type === UUID) this.#skip(16);
    else if (type === TRUE || type === FALSE || type === BYTE) this.#skip(1);
    else if (type > BYTE && type < DOUBLE) this.#number();
    else throw new Error(`there is no type ${type}`);
  }

  #list(depth: number): void {
    const head = this.#byte();
    const type = head & 15;
    const length = head >> 4 === LONG_LIST ? this.#number() : head >> 4;
    // The lists that the footer itself has hold structures, and the database takes them for such whatever they say.
    if (depth === 0 && length > 0 && type !== STRUCT)
      throw new Error(`expected a list of structures, got type ${type}`);
    this.#elements(length, () => (type === STRUCT ? this.#entry(depth + 1) : this.#value(type, depth + 1)));
  }

  /** A structure of a list. Each of Parquet's has a field that it cannot be without. */
  #entry(depth: number): void {
    const from = this.#at;
    this.structure(depth);
    if (this.#at - from < SHORTEST_BYTES) throw new Error("a structure of a list is empty");
  }

  #map(depth: number): void {
    const length = this.#number();
    if (length === 0) return;
    const types = this.#byte();
    this.#elements(length, () => {
      this.#value(types >> 4, depth + 1);
      this.#value(types & 15, depth + 1);
    });
  }

  /** Every element takes a byte, so that a walk ends where the bytes do. */
  #elements(length: number, walk: () => void): void {
    if (length > this.#bytes.length - this.#at) throw new Error(`a list claims ${length} elements`);
    for (let index = 0; index < length; index++) walk();
  }

  #skip(count: number): void {
    if (count > this.#bytes.length - this.#at) throw new Error(`${count} bytes are missing`);
    this.#at += count;
  }

  #byte(): number {
    this.#skip(1);
    return this.#bytes[this.#at - 1];
  }

  /** A number of seven bits a byte, ten bytes at most, the lowest ones first. */
  #number(): number {
    let number = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = this.#byte();
      number += (byte & 127) * scale;
      if (byte < 128) return number;
    }
    throw new Error("a number has no end");
  }
}
