import { readFile } from "node:fs/promises";
import { badCheckpoint, checkpointFailed } from "../errors.ts";
import { onDisk, replaceFile } from "../storage/replaced-file.ts";

/** Writes a checkpoint in the place of the one before, which stays whole if that fails. @throws CHECKPOINT_FAILED */
export async function writeCheckpoint(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await replaceFile(
      path,
      onDisk((file) => file.writeFile(bytes)),
    );
  } catch (error) {
    throw checkpointFailed(path, error);
  }
}

/** @throws BAD_CHECKPOINT */
export async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw badCheckpoint(path, `it cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}
