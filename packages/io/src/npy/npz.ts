import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { abortedReading, badFile, unknownArray } from "../errors.ts";
import type { InputFile } from "../input/input.ts";
import { notCopied } from "../input/spool.ts";
import type { ValueTable } from "../table.ts";
import { openArray, openHandle } from "./npy-table.ts";
import { dataOffset, readZip, type ZipEntry } from "./zip.ts";

/**
 * An array of an .npz file as a table. A deflated one is unpacked to a temporary file, for it is read twice.
 * in: array, the array's name; undefined: the only one
 * @throws BAD_FILE, EMPTY_DATA, INVALID_OPTION
 */
export async function openNpz(
  { path, name }: InputFile,
  { array, signal }: { readonly array?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<ValueTable> {
  const file = await openHandle(path, name);
  try {
    const entries = (await readZip(file, name)).filter((entry) => entry.name.endsWith(".npy"));
    const entry = chooseEntry(name, entries, array);
    const start = await dataOffset(file, name, entry);
    if (entry.method === 0) {
      return openArray(file, { path, name, start, size: entry.size, close: async () => {} }, "npz");
    }
    await file.close();
    return await openUnpacked({ path, name, format: "npz" }, { entry, start }, signal);
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
}

function chooseEntry(path: string, entries: readonly ZipEntry[], array: string | undefined): ZipEntry {
  const names = entries.map(({ name }) => name.replace(/\.npy$/, ""));
  if (entries.length === 0) throw badFile(path, "expected arrays in it, found none");
  if (array === undefined && entries.length === 1) return entries[0];
  const index = names.indexOf(array ?? "");
  if (index < 0) throw unknownArray(path, names, array);
  return entries[index];
}

async function openUnpacked(
  { path, name }: InputFile,
  { entry, start }: { readonly entry: ZipEntry; readonly start: number },
  signal: AbortSignal | undefined,
): Promise<ValueTable> {
  if (entry.method !== 8)
    throw badFile(name, `expected ${entry.name} stored or deflated, got zip method ${entry.method}`);
  const folder = await mkdtemp(join(tmpdir(), "emix-"));
  const close = () => rm(folder, { recursive: true, force: true });
  const copy = join(folder, "array.npy");
  let file: FileHandle;
  try {
    const packed = createReadStream(path, { start, end: start + entry.packed - 1 });
    await pipeline(packed, createInflateRaw(), upTo(name, entry), createWriteStream(copy), signal ? { signal } : {});
    file = await openHandle(copy, name);
  } catch (error) {
    await close();
    if (signal?.aborted) throw abortedReading(name);
    if (error instanceof Error && "details" in error) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const full = notCopied(name, error as NodeJS.ErrnoException);
    throw full ?? badFile(name, `${entry.name} is damaged (${reason})`, {}, error);
  }
  return openArray(file, { path: copy, name, start: 0, size: entry.size, close }, "npz");
}

/** Lets through what an entry says that it holds, and no more. */
function upTo(path: string, { name, size }: ZipEntry): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (chunks) {
    let total = 0;
    for await (const chunk of chunks) {
      total += chunk.length;
      if (total > size) throw badFile(path, `${name} holds more than the ${size} bytes that it promises`);
      yield chunk;
    }
  };
}
