import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import * as zlib from "node:zlib";
import { badFile } from "../errors.ts";
import { readFully } from "../read-fully.ts";
import { ahead } from "./ahead.ts";

/** Bytes held of a file at a time. */
const CHUNK_BYTES = 1 << 18;

export type Compression = "none" | "gzip" | "zstd";

/** A file's bytes, uncompressed; they may be read any number of times. */
export interface ByteSource {
  /** where it is */
  readonly file: string;
  /** what messages call it */
  readonly path: string;
  readonly compression: Compression;
  /** Bytes on disk. */
  readonly size: number;
  chunks(): AsyncGenerator<Buffer>;
  /** How much of the file the latest of them have come from, from 0 to 1. */
  progress(): number;
}

/** @throws BAD_FILE */
export async function openBytes(file: string, path: string = file): Promise<ByteSource> {
  const start = await firstBytes(file, 4);
  const compression = compressionOf(start.bytes);
  if (compression === "zstd" && !("createZstdDecompress" in zlib)) {
    throw badFile(path, "this Node has no zstd (22.15 and later have); uncompress the file first");
  }
  let position = 0;
  const at = (bytes: number) => {
    position = bytes;
  };
  const chunks = compression === "none" ? () => plainChunks(file, at) : () => decompress(file, path, compression, at);
  return { file, path, compression, size: start.size, chunks, progress: () => position / start.size };
}

export function compressionOf(start: Uint8Array): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return "zstd";
  return "none";
}

export async function firstBytes(path: string, count: number): Promise<{ bytes: Buffer; size: number }> {
  return readPart(path, 0, count);
}

/** Bytes of a file from a position on, and the file's size. @throws BAD_FILE */
export async function readPart(
  path: string,
  position: number,
  count: number,
): Promise<{ bytes: Buffer; size: number }> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  try {
    const bytes = Buffer.alloc(count);
    const got = await readFully(file, bytes, position);
    return { bytes: bytes.subarray(0, got), size: (await file.stat()).size };
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

export function unreadable(path: string, error: NodeJS.ErrnoException): Error {
  const said =
    error.code === "EACCES" || error.code === "EPERM" ? "you may not read it (permission denied)" : error.message;
  return badFile(path, said, { reason: error.code }, error);
}

async function* plainChunks(path: string, at: (bytes: number) => void): AsyncGenerator<Buffer> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  try {
    const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(CHUNK_BYTES));
    let position = 0;
    yield* ahead(async () => {
      const [bytes] = buffers.reverse();
      const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
      at(position);
      position += bytesRead;
      return bytesRead === 0 ? null : bytes.subarray(0, bytesRead);
    });
  } finally {
    await file.close();
  }
}

async function* decompress(
  from: string,
  path: string,
  compression: "gzip" | "zstd",
  at: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const file = createReadStream(from, { highWaterMark: CHUNK_BYTES });
  const stream = compression === "gzip" ? zlib.createGunzip({ chunkSize: CHUNK_BYTES }) : zlib.createZstdDecompress();
  file.on("error", (error) => stream.destroy(error));
  try {
    for await (const chunk of file.pipe(stream)) {
      at(file.bytesRead);
      yield chunk as Buffer;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badFile(path, `its ${compression} data is damaged or cut off (${reason})`, {}, error);
  } finally {
    file.destroy();
    stream.destroy();
  }
}
