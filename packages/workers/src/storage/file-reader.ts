import type { Dtype, TileReader } from "@emix/core";
import { readNow, type TileFile } from "./tile-file.ts";

type Numbers = Float64Array | Float32Array;

/** Where coordinates lie in an open file, as plain data. */
export interface FilePlace {
  readonly descriptor: number;
  /** the path of the file, for messages */
  readonly path: string;
  readonly dtype: Dtype;
  /** numbers of a tile */
  readonly tileLength: number;
  /** the byte of the first number */
  readonly at: number;
  readonly byteLength: number;
}

/** Bytes that are read at a time where tiles are asked for one after the other. */
const AHEAD_BYTES = 2 ** 20;

/** What this thread read last, and who asked for it. One buffer serves all readers: a task reads points of one file. */
let buffer: ArrayBuffer | null = null;
let owner: FileReader | null = null;

/** Reads tiles from a file by their place, in the thread that asks. */
export class FileReader implements TileReader {
  readonly place: FilePlace;
  /** held while points lie there; undefined in other threads than the one that opened it */
  readonly file: TileFile | undefined;
  /** the tiles in the buffer, if it is this reader's */
  #first = 0;
  #end = 0;

  constructor(place: FilePlace, file?: TileFile) {
    this.place = place;
    this.file = file;
  }

  get byteLength(): number {
    return this.place.byteLength;
  }

  /** @throws STORAGE_FAILED */
  read(first: number, end: number): Numbers {
    const tileBytes = this.place.tileLength * this.#bytes;
    const bytes = (end - first) * tileBytes;
    if (bytes > AHEAD_BYTES) return this.#view(this.#fill(new ArrayBuffer(bytes), first, bytes), 0, bytes);
    if (owner !== this || first < this.#first || end > this.#end) this.#advance(first, end);
    return this.#view(buffer as ArrayBuffer, (first - this.#first) * tileBytes, bytes);
  }

  between(first: number, end: number): FileReader {
    const tileBytes = this.place.tileLength * this.#bytes;
    const at = first * tileBytes;
    const byteLength = Math.min(end * tileBytes, this.byteLength) - at;
    return new FileReader({ ...this.place, at: this.place.at + at, byteLength }, this.file);
  }

  get #bytes(): number {
    return this.place.dtype === "f64" ? 8 : 4;
  }

  /** Brings tiles to the buffer; with those that follow, where these follow what was read before. */
  #advance(first: number, end: number): void {
    const tileBytes = this.place.tileLength * this.#bytes;
    const follows = owner === this && first <= this.#end && first >= this.#first;
    const tiles = follows ? Math.max(end - first, Math.floor(AHEAD_BYTES / tileBytes)) : end - first;
    const last = Math.min(first + tiles, this.byteLength / tileBytes);
    buffer ??= new ArrayBuffer(AHEAD_BYTES);
    owner = null;
    this.#fill(buffer, first, (last - first) * tileBytes);
    owner = this;
    [this.#first, this.#end] = [first, last];
  }

  /** in: first, the tile at the beginning of the memory */
  #fill(memory: ArrayBuffer, first: number, bytes: number): ArrayBuffer {
    const { at, tileLength } = this.place;
    readNow(this.place, new Uint8Array(memory, 0, bytes), at + first * tileLength * this.#bytes);
    return memory;
  }

  #view(memory: ArrayBuffer, offset: number, bytes: number): Numbers {
    const length = bytes / this.#bytes;
    return this.#bytes === 8 ? new Float64Array(memory, offset, length) : new Float32Array(memory, offset, length);
  }
}
