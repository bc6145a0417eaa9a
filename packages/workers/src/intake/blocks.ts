import { EmixError } from "@emix/core";
import type { StorageOption } from "../engine/methods/options.ts";
import { openSpill, readNow, type TileFile } from "../storage/tile-file.ts";

/** Bytes that came one after the other, in blocks of one size: in memory, or in a file without a name. */
export class Blocks {
  readonly blockBytes: number;
  /** how many bytes all blocks have */
  bytes = 0;
  readonly #storage: NonNullable<StorageOption["storage"]>;
  readonly #setting: BlocksSetting & { readonly rowBytes: number };
  /** those in memory; of blocks in a file, the one that is being filled */
  #blocks: ArrayBuffer[] = [];
  #file: TileFile | null = null;

  /** @throws STORAGE_FAILED */
  constructor(
    blockBytes: number,
    storage: NonNullable<StorageOption["storage"]>,
    setting: BlocksSetting & { readonly rowBytes: number },
  ) {
    this.blockBytes = blockBytes;
    this.#storage = storage;
    this.#setting = setting;
    if (storage === "file") this.#openFile();
  }

  get inFile(): boolean {
    return this.#file !== null;
  }

  get count(): number {
    return Math.ceil(this.bytes / this.blockBytes);
  }

  /** Refuses this many bytes if memory is to hold them and does not suffice. @throws ALLOCATION_FAILED, STORAGE_FAILED */
  admit(bytes: number): void {
    if (this.#file !== null) return;
    try {
      // What else points need in memory must find room too: a weight and a place for each.
      this.#setting.admit(this.#storage === "auto" ? bytes * (1 + 12 / this.#setting.rowBytes) : bytes);
    } catch (error) {
      const isFull = error instanceof EmixError && error.code === "ALLOCATION_FAILED";
      if (this.#storage === "memory" || !isFull) throw error;
      this.#moveToFile();
    }
  }

  /** Copies bytes to the end. @throws ALLOCATION_FAILED, STORAGE_FAILED */
  add(bytes: Uint8Array): void {
    this.admit(this.bytes + bytes.length);
    for (let done = 0; done < bytes.length; ) {
      const at = this.bytes % this.blockBytes;
      const count = Math.min(this.blockBytes - at, bytes.length - done);
      if (at === 0 && (this.#file === null || this.#blocks.length === 0)) {
        this.#blocks.push(new ArrayBuffer(this.blockBytes));
      }
      const block = this.#blocks.at(-1) as ArrayBuffer;
      new Uint8Array(block, at, count).set(bytes.subarray(done, done + count));
      done += count;
      this.bytes += count;
      if (this.#file !== null && this.bytes % this.blockBytes === 0) this.#write(this.#file, block, this.count - 1);
    }
  }

  /** No more will come. @throws STORAGE_FAILED */
  end(): void {
    const last = this.#blocks.at(-1);
    if (this.#file !== null && last !== undefined) this.#write(this.#file, last, this.count - 1);
    if (this.#file !== null) this.#blocks = [];
  }

  /** A block; from memory it can be read until `giveBack`. */
  read(block: number): ArrayBuffer {
    if (this.#file === null) return this.#blocks[block];
    const memory = new ArrayBuffer(this.blockBytes);
    readNow(this.#file, new Uint8Array(memory), block * this.blockBytes);
    return memory;
  }

  /** Gives the memory of a block back. */
  giveBack(block: number): void {
    if (this.#file === null) this.#blocks[block].transfer(0);
  }

  close(): void {
    this.#blocks = [];
    this.#file?.letGoFor(this);
  }

  #openFile(): TileFile {
    const file = openSpill(this.#setting.folder);
    file.holdFor(this);
    this.#file = file;
    return file;
  }

  #moveToFile(): void {
    const file = this.#openFile();
    const full = Math.floor(this.bytes / this.blockBytes);
    for (const [index, block] of this.#blocks.entries()) if (index < full) this.#write(file, block, index);
    this.#blocks = this.#blocks.slice(full);
  }

  #write(file: TileFile, block: ArrayBuffer, index: number): void {
    file.writeNow(new Uint8Array(block), index * this.blockBytes);
  }
}

export interface BlocksSetting {
  /** Refuses this many bytes of points if they are too many. */
  readonly admit: (bytes: number) => void;
  /** where a file is made */
  readonly folder: string;
}
