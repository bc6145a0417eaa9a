import { randomUUID } from "node:crypto";
import { chmod, type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Writes a new file. in: mode, the permissions that it is to have */
type Make<T> = (path: string, mode: number) => Promise<T>;

/**
 * Writes a file so that, whatever happens, its path holds the old content or the new one: a file beside it is written and
 * takes its place, with the permissions of the old one.
 * in: watch, told the path beside it first; what it returns is called at the end
 * @throws what `make`, `watch` and the system throw; nothing remains beside it then
 */
export async function replaceFile<T>(path: string, make: Make<T>, watch?: (part: string) => () => void): Promise<T> {
  const before = (await stat(path).catch(() => null))?.mode;
  const mode = before === undefined ? 0o666 : before & 0o777;
  const part = partBeside(path);
  const done = watch?.(part);
  try {
    const made = await make(part, mode);
    if (before !== undefined) await chmod(part, mode);
    await rename(part, path);
    await syncFolder(dirname(path));
    return made;
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  } finally {
    done?.();
  }
}

/** A name beside a file that no other has. */
export function partBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`);
}

/** Makes a file that is on the disk once it is made. */
export function onDisk(write: (file: FileHandle) => Promise<void>): Make<void> {
  return async (path, mode) => {
    const file = await open(path, "wx", mode);
    try {
      await write(file);
      await sync(file);
    } finally {
      await file.close();
    }
  };
}

/** Makes a new name last. A system that cannot open folders keeps names in its own way. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await sync(folder);
  } finally {
    await folder.close();
  }
}

/** Node allows no fsync under --permission. */
async function sync(file: { sync(): Promise<void> }): Promise<void> {
  if (process.permission === undefined) await file.sync();
}
