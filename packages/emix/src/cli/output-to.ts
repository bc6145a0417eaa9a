import { mkdir, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { EmixError } from "@emix/core";
import { outputIsInput, outputNotWritten } from "./errors.ts";

/**
 * Writes a file beside its place and renames it when it is whole, so that nobody ever sees half of it. Makes its folder.
 * in: inputs, paths that must not be written over; write, gets the path to write to
 * @throws INVALID_OPTION, BAD_FILE, and what `write` throws
 */
export async function outputTo(
  path: string,
  inputs: readonly string[],
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const place = await realPath(path);
  for (const input of inputs) if ((await realPath(input)) === place) throw outputIsInput(path);
  const temporary = join(dirname(place), `.${process.pid}-${basename(place)}`);
  try {
    await mkdir(dirname(place), { recursive: true });
    await write(temporary);
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof EmixError ? error : outputNotWritten(path, error as Error);
  }
}

async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
