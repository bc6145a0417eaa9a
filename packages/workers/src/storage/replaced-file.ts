import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file so that, whatever happens, its path holds the old content or the new one: a file beside it is written and
 * takes its place. @throws what `write` and the system throw; nothing remains beside it then
 */
export async function replaceFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const part = `${path}.${process.pid}-${randomUUID().slice(0, 8)}.part`;
  try {
    const file = await open(part, "w");
    try {
      await write(file);
      await sync(file);
    } finally {
      await file.close();
    }
    await rename(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
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
