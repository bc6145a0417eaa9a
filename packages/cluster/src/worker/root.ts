import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { glob, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileChanged, fileRefused, noFile, noRoot } from "../errors.ts";
import type { PlannedFile } from "../protocol.ts";

/** The folder below which a worker reads files, and no others. */
export class Root {
  readonly #path: string;
  /** the time of the last change of each file that was found as planned, by path and checksum */
  readonly #checked = new Map<string, number>();

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws FILE_NOT_FOUND */
  static async open(path: string): Promise<Root> {
    const real = await realpath(path).catch(() => null);
    if (real === null) throw noRoot(path);
    return new Root(real);
  }

  /** The paths, below the root, that a path or a pattern stands for. @throws FILE_REFUSED, FILE_NOT_FOUND */
  async find(path: string): Promise<string[]> {
    if (!/[*?[{]/.test(path)) return [await this.#below(path)];
    const found: string[] = [];
    for await (const each of glob(path, { cwd: this.#path })) found.push(each);
    if (found.length === 0) throw noFile(path);
    return Promise.all(found.sort().map((each) => this.#below(each)));
  }

  /** Where a file is. @throws FILE_REFUSED */
  async absolute(path: string): Promise<string> {
    return join(this.#path, await this.#below(path));
  }

  /** Sees that a file is the one of the plan. @throws FILE_CHANGED, FILE_REFUSED */
  async require({ path, bytes, checksum }: PlannedFile): Promise<string> {
    const file = await this.absolute(path);
    const { size, mtimeMs } = await stat(file);
    if (size !== bytes) throw fileChanged(path);
    const key = `${path}\0${checksum}`;
    if (this.#checked.get(key) !== mtimeMs) {
      if ((await checksumOf(file)) !== checksum) throw fileChanged(path);
      this.#checked.set(key, mtimeMs);
    }
    return file;
  }

  async #below(path: string): Promise<string> {
    const there = isAbsolute(path) ? path : join(this.#path, path);
    const real = await realpath(there).catch(() => null);
    if (real === null) {
      // A file that is not there is said to be missing by whoever opens it, if its path is below the root.
      if (!inside(relative(this.#path, there))) throw fileRefused(path);
      return relative(this.#path, there);
    }
    const below = relative(this.#path, real);
    if (!inside(below)) throw fileRefused(path);
    return below;
  }
}

export function inside(below: string): boolean {
  return below !== "" && below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

/** SHA-256 of a file, hexadecimal. */
export async function checksumOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest("hex");
}
