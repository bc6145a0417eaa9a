import { fstatSync } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { extname } from "node:path";
import { invalidOption } from "@emix/core";
import { badFile, emptyFile, fileNotFound, savedPoints, unknownFormat } from "../errors.ts";
import { COMPRESSED, ENDINGS, FILE_FORMATS, type FileFormat } from "../format-names.ts";
import type { FileOptions } from "../options.ts";
import { compressionOf, firstBytes, unreadable } from "./bytes.ts";
import { spool } from "./spool.ts";

/** Options that were given, checked. */
export type Given = FileOptions;

/** A file to read. */
export interface InputFile {
  /** where it is */
  readonly path: string;
  /** what messages call it */
  readonly name: string;
  readonly format: FileFormat;
}

export interface Input {
  readonly files: readonly InputFile[];
  readonly names: readonly string[];
  /** Removes what was written to read it. */
  close(): Promise<void>;
}

/** The files that a path, a pattern, several of them or "-" stand for. @throws FILE_NOT_FOUND, BAD_FILE, EMPTY_DATA */
export async function openInput(path: string | readonly string[], given: Given): Promise<Input> {
  const paths = typeof path === "string" ? [path] : path;
  if (!Array.isArray(paths) || paths.length === 0 || !paths.every((each) => typeof each === "string" && each !== "")) {
    throw invalidOption("path", "a file's path, or an array of them", path);
  }
  const spooled: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const remove of spooled) await remove();
  };
  try {
    const files: InputFile[] = [];
    for (const each of paths) {
      for (const found of await filesFor(each)) files.push(await openOne(found, given, spooled));
    }
    return { files, names: files.map(({ name }) => name), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A path that is there is taken as it is; one that is not, as a pattern. @throws FILE_NOT_FOUND, BAD_FILE */
export async function filesFor(path: string): Promise<string[]> {
  if (path === "-" || !/[*?[{]/.test(path) || (await kindOf(path)) !== null) return [path];
  const found: string[] = [];
  try {
    for await (const each of glob(path)) found.push(each);
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
  if (found.length === 0) throw fileNotFound(path);
  return found.sort();
}

async function kindOf(path: string): Promise<"file" | "pipe" | "other" | "empty" | null> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    if (found.code === "ENOENT" || found.code === "ENOTDIR") return null;
    throw unreadable(path, found);
  }
  if (found.isFile()) return found.size === 0 ? "empty" : "file";
  return found.isFIFO() || found.isSocket() ? "pipe" : "other";
}

async function openOne(path: string, given: Given, spooled: (() => Promise<void>)[]): Promise<InputFile> {
  const kind = path === "-" ? "pipe" : await kindOf(path);
  if (kind === null) throw fileNotFound(path);
  if (kind === "empty") throw emptyFile(path);
  if (kind === "other") throw badFile(path, "expected a file or a pipe; it is a folder or a device");
  if (kind === "file") return { path, name: path, format: given.format ?? formatOf(path) };
  const name = path === "-" ? "standard input" : path;
  // A folder would come as an empty stream.
  if (path === "-" && fstatSync(process.stdin.fd).isDirectory()) {
    throw badFile(name, "expected a file or a pipe; it is a folder");
  }
  const copy = await spool(path, name, given.signal);
  spooled.push(copy.remove);
  return { path: copy.path, name, format: given.format ?? (await formatOfContent(copy.path)) };
}

/** @throws UNKNOWN_FORMAT */
function formatOf(path: string): FileFormat {
  const lower = path.toLowerCase();
  const packed = COMPRESSED.find((ending) => lower.endsWith(ending));
  if (lower.endsWith(".tiles")) throw savedPoints(path);
  const extension = extname(packed === undefined ? lower : lower.slice(0, -packed.length));
  const format = FILE_FORMATS.find((each) => ENDINGS[each].includes(extension));
  if (format === undefined || (packed !== undefined && format !== "csv" && format !== "ndjson")) {
    throw unknownFormat(path, [...Object.values(ENDINGS).flat(), ...COMPRESSED], FILE_FORMATS);
  }
  return format;
}

async function formatOfContent(path: string): Promise<FileFormat> {
  const { bytes } = await firstBytes(path, 16);
  const start = bytes.toString("latin1");
  if (start.startsWith("PAR1")) return "parquet";
  if (start.startsWith("\x93NUMPY")) return "npy";
  if (start.startsWith("PK\x03\x04")) return "npz";
  if (start.startsWith("ARROW1") || start.startsWith("\xff\xff\xff\xff")) return "arrow";
  return compressionOf(bytes) === "none" && /^\s*\{/.test(start) ? "ndjson" : "csv";
}
