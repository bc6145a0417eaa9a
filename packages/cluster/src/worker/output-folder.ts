import { mkdir, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { invalidOption } from "@emix/core";
import { replaceFile } from "@emix/workers";
import { noOutput, outputFailed, outputRefused } from "../errors.ts";
import { inside } from "./root.ts";

/** The folder below which a worker writes files, and nowhere else. */
export class OutputFolder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Makes the folder. @throws INVALID_OPTION where it holds what is read, or lies there; BAD_FILE */
  static async open(path: string, root: string): Promise<OutputFolder> {
    await mkdir(path, { recursive: true }).catch((error) => {
      throw outputFailed(path, error);
    });
    const [real, read] = [await realpath(path), await realpath(root)];
    if (real === read || inside(relative(read, real)) || inside(relative(real, read))) {
      throw invalidOption("output", "a folder apart from `root`, whose files are only read", path);
    }
    return new OutputFolder(real);
  }

  /**
   * Writes a file as a whole, or leaves what was there. in: path, below the folder; make, writes to the path that it is given
   * @throws FILE_REFUSED, BAD_FILE, and what `make` throws
   */
  async write<T>(path: string, make: (path: string) => Promise<T>): Promise<T> {
    const target = await this.#target(path);
    try {
      return await replaceFile(target, make);
    } catch (error) {
      throw outputFailed(path, error);
    }
  }

  /** Makes the folders on the way, none of which may lead out by a link. */
  async #target(path: string): Promise<string> {
    const target = join(this.#path, path);
    if (!inside(relative(this.#path, target))) throw outputRefused(path);
    let folder = this.#path;
    for (const name of relative(this.#path, dirname(target)).split(sep)) {
      folder = join(folder, name);
      await mkdir(folder).catch((error) => {
        if (error.code !== "EEXIST") throw outputFailed(path, error);
      });
      const real = await realpath(folder);
      if (real !== this.#path && !inside(relative(this.#path, real))) throw outputRefused(path);
    }
    return target;
  }
}

/** @throws INVALID_OPTION: a worker without a folder for outputs writes none */
export function requireOutput(folder: OutputFolder | null): OutputFolder {
  if (folder === null) throw noOutput();
  return folder;
}
