import { totalmem } from "node:os";
import type { Tiles } from "@emix/core";
import { FileReader } from "./storage/file-reader.ts";

/** How many bytes of free shared memory are kept for reuse; the rest is left to the garbage collector. */
const KEPT_BYTES = 160 * 2 ** 20;

/**
 * Shared memory that is reused. Worker threads keep every buffer they have seen alive until they collect garbage, and a
 * thread that allocates little rarely does. If every pass took new memory, it would pile up.
 */
export class SharedMemory {
  readonly #free: SharedArrayBuffer[] = [];

  /** Gives at least this many bytes, with their last content. */
  take(bytes: number): SharedArrayBuffer {
    const fitting = this.#free.filter((buffer) => buffer.byteLength >= bytes && buffer.byteLength <= 4 * bytes + 65536);
    const best = fitting.sort((a, b) => a.byteLength - b.byteLength)[0];
    if (best === undefined) return new SharedArrayBuffer(bytes);
    this.#free.splice(this.#free.indexOf(best), 1);
    return best;
  }

  giveBack(buffer: SharedArrayBuffer): void {
    this.#free.push(buffer);
    let kept = this.#free.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (kept > KEPT_BYTES) kept -= (this.#free.shift() as SharedArrayBuffer).byteLength;
  }

  /** Keeps nothing of what is free. */
  forget(): void {
    this.#free.length = 0;
  }

  async lend<T>(bytes: number, use: (buffer: SharedArrayBuffer) => Promise<T>): Promise<T> {
    const buffer = this.take(bytes);
    try {
      return await use(buffer);
    } finally {
      this.giveBack(buffer);
    }
  }
}

/** How many bytes this process could still take, as far as its host tells. */
export function availableBytes(): number {
  // Elsewhere than on Linux, memory that the system would give up at once counts as used.
  return process.platform === "linux" ? process.availableMemory() : totalmem();
}

/** Do all threads reach these points? */
export function isShared({ data }: Pick<Tiles, "data">): boolean {
  return ArrayBuffer.isView(data) ? data.buffer instanceof SharedArrayBuffer : data instanceof FileReader;
}
