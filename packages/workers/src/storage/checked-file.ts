import { read } from "node:fs";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import type { EmixError } from "@emix/core";
import { abortedWork, badSavedPoints } from "../errors.ts";
import { yieldToEvents } from "../pause.ts";

/** Bytes that are read at a time. */
const AT_ONCE = 2 ** 22;

/** Who watches a file being checked. */
export interface CheckWatcher {
  readonly signal?: AbortSignal | undefined;
  /** told the part of the file that has been checked, from 0 to 1 */
  readonly onChecked?: ((fraction: number) => void) | undefined;
}

/** A file that is read once from its beginning to its end, with a checksum of all bytes so far. */
export class CheckedFile {
  readonly #descriptor: number;
  readonly #path: string;
  readonly #size: number;
  readonly #watching: CheckWatcher;
  readonly #buffer: ArrayBuffer;
  #at = 0;
  #checksum = 0;

  constructor(descriptor: number, { path, size }: { path: string; size: number }, watching: CheckWatcher) {
    this.#descriptor = descriptor;
    this.#path = path;
    this.#size = size;
    this.#watching = watching;
    this.#buffer = new ArrayBuffer(Math.min(AT_ONCE, 8 * Math.ceil(size / 8)));
  }

  damagedFile(): EmixError {
    return badSavedPoints(this.#path, "it is damaged");
  }

  /** Reads on up to a place. in: visit, gets pieces one after the other, and how far from the first each begins */
  async readTo(end: number, visit: (piece: Uint8Array<ArrayBuffer>, offset: number) => void = () => {}): Promise<void> {
    const first = this.#at;
    const { signal, onChecked } = this.#watching;
    while (this.#at < end) {
      const piece = new Uint8Array(this.#buffer, 0, Math.min(AT_ONCE, end - this.#at));
      await readFully(this.#descriptor, piece, this.#at, this.#path);
      this.#checksum = crc32(piece, this.#checksum);
      visit(piece, this.#at - first);
      this.#at += piece.length;
      onChecked?.(this.#at / this.#size);
      await yieldToEvents();
      if (signal?.aborted) throw abortedWork(signal.reason);
    }
  }

  /** Compares the checksum with the one that follows. @throws BAD_FILE */
  async requireChecksum(): Promise<void> {
    const expected = this.#checksum;
    const found = new Uint8Array(4);
    await readFully(this.#descriptor, found, this.#at, this.#path);
    if (new DataView(found.buffer).getUint32(0, true) !== expected) throw this.damagedFile();
  }
}

/** @throws BAD_FILE */
export async function readFully(descriptor: number, into: Uint8Array, at: number, path: string): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await promisify(read)(descriptor, into, done, into.length - done, at + done);
    if (bytesRead === 0) throw badSavedPoints(path, "it is cut off");
    done += bytesRead;
  }
}
