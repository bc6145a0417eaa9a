import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { coordinates, EmixError, type Tiles, tileCount } from "@emix/core";
import { abortedWork, notSaved } from "../errors.ts";
import { yieldToEvents } from "../pause.ts";
import { onDisk, replaceFile } from "./replaced-file.ts";
import { headerBytes, headerOf, type SavedHeader } from "./saved-layout.ts";
import { writeAll } from "./tile-file.ts";

/** Bytes that are written at a time, about. */
const AT_ONCE = 2 ** 22;

export interface SaveSetting extends Pick<SavedHeader, "columns" | "about"> {
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes points to a file as they are stored, from which `openSavedPoints` has them again. The file takes the place of one that is
 * there once it is whole.
 * @throws STORAGE_FAILED, ABORTED
 */
export async function savePoints(tiles: Tiles, { path, signal, ...known }: SaveSetting): Promise<void> {
  const write = async (file: FileHandle) => {
    let at = 0;
    let checksum = 0;
    for (const bytes of partsOf(tiles, headerBytes(headerOf(tiles, known)))) {
      await writeAll(file.fd, bytes, at);
      checksum = crc32(bytes, checksum);
      at += bytes.length;
      await yieldToEvents();
      if (signal?.aborted) throw abortedWork(signal.reason);
    }
    const end = new DataView(new ArrayBuffer(4));
    end.setUint32(0, checksum, true);
    await writeAll(file.fd, new Uint8Array(end.buffer), at);
  };
  try {
    await replaceFile(path, onDisk(write));
  } catch (error) {
    throw error instanceof EmixError ? error : notSaved(path, error);
  }
}

/** The bytes of the file before its checksum, in order. */
function* partsOf(tiles: Tiles, header: Uint8Array): Generator<Uint8Array> {
  yield header;
  const total = tileCount(tiles);
  const tileBytes = tiles.data.byteLength / total;
  const atOnce = Math.max(1, Math.floor(AT_ONCE / tileBytes));
  for (let tile = 0; tile < total; tile += atOnce) {
    yield bytesOf(coordinates(tiles, tile, Math.min(tile + atOnce, total)));
  }
  for (const array of [tiles.pointWeights, tiles.dropped, tiles.order]) {
    if (array === null) continue;
    const bytes = bytesOf(array);
    for (let at = 0; at < bytes.length; at += AT_ONCE) yield bytes.subarray(at, at + AT_ONCE);
    yield new Uint8Array(-bytes.length & 7);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
