import type { FileHandle } from "node:fs/promises";
import { badFile } from "../errors.ts";
import { readFully } from "../read-fully.ts";

/** A file inside a zip file. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated */
  readonly method: number;
  /** bytes in the zip file */
  readonly packed: number;
  /** bytes once unpacked */
  readonly size: number;
  /** where its local header lies */
  readonly header: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LONGEST_END = 65_557;
const LONGEST_DIRECTORY = 1 << 24;

/** The files that a zip file holds. @throws BAD_FILE */
export async function readZip(file: FileHandle, path: string): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const tail = await part(file, path, Math.max(0, size - LONGEST_END), Math.min(size, LONGEST_END));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== END)
    throw damagedZip(path, "it has no end of a zip file");
  const { offset, length } = await directory(file, path, tail, end);
  if (length > LONGEST_DIRECTORY || offset + length > size) throw damagedZip(path, "its list of files lies outside it");
  return entriesIn(path, await part(file, path, offset, length));
}

/** Where the bytes of an entry begin. @throws BAD_FILE */
export async function dataOffset(file: FileHandle, path: string, { header, name }: ZipEntry): Promise<number> {
  const local = await part(file, path, header, 30);
  if (local.readUInt32LE(0) !== LOCAL) throw damagedZip(path, `${name} does not lie where its list says`);
  return header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
}

async function directory(
  file: FileHandle,
  path: string,
  tail: Buffer,
  end: number,
): Promise<{ offset: number; length: number }> {
  const plain = { offset: tail.readUInt32LE(end + 16), length: tail.readUInt32LE(end + 12) };
  if (plain.offset !== 0xffffffff && plain.length !== 0xffffffff) return plain;
  if (end < 20 || tail.readUInt32LE(end - 20) !== LOCATOR_64) throw damagedZip(path, "the end of its list is lost");
  const record = await part(file, path, Number(tail.readBigUInt64LE(end - 12)), 56);
  if (record.readUInt32LE(0) !== END_64) throw damagedZip(path, "the end of its list is lost");
  return { offset: Number(record.readBigUInt64LE(48)), length: Number(record.readBigUInt64LE(40)) };
}

function entriesIn(path: string, list: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === CENTRAL; ) {
    const nameLength = list.readUInt16LE(at + 28);
    const extraLength = list.readUInt16LE(at + 30);
    const extraAt = at + 46 + nameLength;
    if (extraAt + extraLength > list.length) throw damagedZip(path, "its list of files is cut off");
    entries.push(entryAt(list, at, list.subarray(extraAt, extraAt + extraLength)));
    at = extraAt + extraLength + list.readUInt16LE(at + 32);
  }
  return entries;
}

function entryAt(list: Buffer, at: number, extra: Buffer): ZipEntry {
  const wide = wideValues(extra);
  const value = (position: number) => {
    const short = list.readUInt32LE(at + position);
    return short === 0xffffffff ? (wide.shift() ?? short) : short;
  };
  const size = value(24);
  const packed = value(20);
  const header = value(42);
  const name = list.toString("utf8", at + 46, at + 46 + list.readUInt16LE(at + 28));
  return { name, method: list.readUInt16LE(at + 10), packed, size, header };
}

/** The 64-bit numbers of an extra field of type 1, for those that 32 bits do not hold. */
function wideValues(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const count = Math.min(3, Math.floor(Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4) / 8));
    return Array.from({ length: count }, (_, index) => Number(extra.readBigUInt64LE(at + 4 + 8 * index)));
  }
  return [];
}

async function part(file: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  if (!Number.isSafeInteger(position) || (await readFully(file, bytes, position)) < length)
    throw damagedZip(path, "it is cut off");
  return bytes;
}

function damagedZip(path: string, problem: string): Error {
  return badFile(path, `expected a zip file of .npy files, ${problem}`);
}
