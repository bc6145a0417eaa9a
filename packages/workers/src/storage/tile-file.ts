import { close, mkdtempSync, openSync, readSync, rmdirSync, unlinkSync, write, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { storageFailed } from "../errors.ts";

/** Closes files whose points were dropped and never disposed of. */
const FORGOTTEN = new FinalizationRegistry<TileFile>((file) => file.letGo());

/** An open file of points. It is closed once nobody holds it: points that lie there, or work that reads them. */
export class TileFile {
  readonly path: string;
  /** the number by which every thread of the process reads it */
  readonly descriptor: number;
  #holders = 0;
  #open = true;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.descriptor = descriptor;
  }

  hold(): void {
    this.#holders++;
  }

  letGo(): void {
    if (--this.#holders === 0) void this.close();
  }

  /** Closes it, if that was not done before. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await promisify(close)(this.descriptor);
  }

  /** Holds it for an object, until that is collected or lets go. */
  holdFor(holder: object): void {
    this.hold();
    FORGOTTEN.register(holder, this, holder);
  }

  /** As `letGo`, for an object that it is held for. */
  letGoFor(holder: object): void {
    FORGOTTEN.unregister(holder);
    this.letGo();
  }

  /** Writes all bytes at a place. @throws STORAGE_FAILED */
  async write(bytes: Uint8Array, at: number): Promise<void> {
    try {
      await writeAll(this.descriptor, bytes, at);
    } catch (error) {
      throw storageFailed(this.path, error);
    }
  }

  /** The same at once. @throws STORAGE_FAILED */
  writeNow(bytes: Uint8Array, at: number): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.descriptor, bytes, done, bytes.length - done, at + done);
      }
    } catch (error) {
      throw storageFailed(this.path, error);
    }
  }
}

/** Writes all bytes at a place. @throws what the system throws */
export async function writeAll(descriptor: number, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const some = Math.min(bytes.length - done, MOST_WRITTEN);
    const { bytesWritten } = await promisify(write)(descriptor, bytes, done, some, at + done);
    done += bytesWritten;
  }
}

/** Fills memory from a place of an open file, at once. in: path, for messages. @throws STORAGE_FAILED */
export function readNow(
  { descriptor, path }: { readonly descriptor: number; readonly path: string },
  into: Uint8Array,
  at: number,
): void {
  for (let done = 0; done < into.length; ) {
    const got = readSome(descriptor, path, { into, done, at });
    if (got === 0) throw storageFailed(path, "it is shorter than it was");
    done += got;
  }
}

function readSome(
  descriptor: number,
  path: string,
  { into, done, at }: { readonly into: Uint8Array; readonly done: number; readonly at: number },
): number {
  try {
    return readSync(descriptor, into, done, into.length - done, at + done);
  } catch (error) {
    throw storageFailed(path, error);
  }
}

/** Some systems write no more than 2 GiB at once. */
const MOST_WRITTEN = 2 ** 26;

/**
 * A new file without a name, so that nothing of it remains however the process ends.
 * in: folder. @throws STORAGE_FAILED
 */
export function openSpill(folder: string): TileFile {
  try {
    const own = mkdtempSync(join(folder, "emix-"));
    const path = join(own, "points");
    const descriptor = openSync(path, "wx+", 0o600);
    unlinkSync(path);
    rmdirSync(own);
    return new TileFile(folder, descriptor);
  } catch (error) {
    throw storageFailed(folder, error);
  }
}
