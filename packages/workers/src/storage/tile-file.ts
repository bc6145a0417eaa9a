import { type FileHandle, mkdtemp, open, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { storageFailed } from "../errors.ts";

/** Closes files whose points were dropped and never disposed of. */
const FORGOTTEN = new FinalizationRegistry<TileFile>((file) => file.letGo());

/** An open file of points. It is closed once nobody holds it: points that lie there, or work that reads them. */
export class TileFile {
  readonly path: string;
  readonly #handle: FileHandle;
  #holders = 0;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** the number by which every thread of the process reads it */
  get descriptor(): number {
    return this.#handle.fd;
  }

  hold(): void {
    this.#holders++;
  }

  letGo(): void {
    if (--this.#holders === 0) void this.close();
  }

  /** Closes it, if that was not done before. */
  async close(): Promise<void> {
    if (this.#handle.fd >= 0) await this.#handle.close();
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
      await writeAll(this.#handle, bytes, at);
    } catch (error) {
      throw storageFailed(this.path, error);
    }
  }
}

/** Writes all bytes at a place. @throws what the system throws */
export async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const some = Math.min(bytes.length - done, MOST_WRITTEN);
    const { bytesWritten } = await file.write(bytes, done, some, at + done);
    done += bytesWritten;
  }
}

/** Some systems write no more than 2 GiB at once. */
const MOST_WRITTEN = 2 ** 26;

/**
 * A new file without a name, so that nothing of it remains however the process ends.
 * in: folder. @throws STORAGE_FAILED
 */
export async function openSpill(folder: string): Promise<TileFile> {
  try {
    const own = await mkdtemp(join(folder, "emix-"));
    const path = join(own, "points");
    const handle = await open(path, "wx+", 0o600);
    await unlink(path);
    await rmdir(own);
    return new TileFile(folder, handle);
  } catch (error) {
    throw storageFailed(folder, error);
  }
}
