import type { FileHandle } from "node:fs/promises";

/** Fills the bytes from this position of the file on. out: how many were there, fewer only at the end of the file */
export async function readFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
