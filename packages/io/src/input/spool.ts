import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { EmixError } from "@emix/core";
import { abortedReading, emptyFile, notSpooled } from "../errors.ts";
import { unreadable } from "./bytes.ts";

/** Why a copy to the folder for temporary files failed, where it is the folder's fault and not the file's; else null. */
export function notCopied(name: string, error: NodeJS.ErrnoException): EmixError | null {
  return FULL.has(error.code ?? "") ? notSpooled(name, tmpdir(), error) : null;
}

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EROFS"]);

/**
 * Copies what comes through a pipe to a temporary file, for points are read twice. in: path, "-" for standard input
 * @throws BAD_FILE, EMPTY_DATA, STORAGE_FAILED, ABORTED
 */
export async function spool(
  path: string,
  name: string,
  signal?: AbortSignal,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "emix-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, "input");
    const from = path === "-" ? process.stdin : createReadStream(path);
    await pipeline(from, createWriteStream(copy), signal === undefined ? {} : { signal });
    if ((await stat(copy)).size === 0) throw emptyFile(name);
    return { path: copy, remove };
  } catch (error) {
    await remove();
    if (signal?.aborted) throw abortedReading(name);
    if (error instanceof EmixError) throw error;
    throw notCopied(name, error as NodeJS.ErrnoException) ?? unreadable(name, error as NodeJS.ErrnoException);
  }
}
