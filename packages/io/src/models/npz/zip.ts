import { crc32, inflateRawSync } from "node:zlib";
import { damagedZip } from "../errors.ts";

// Zip archives as .npz files are: a local header and the bytes of each file, then a directory of all, then its place.

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
/** 1980-01-01, the first day that zip knows: equal files have equal bytes. */
const DATE = 0x21;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** What an archive may unpack to: arrays of doubles hardly shrink. */
const MOST_BYTES = 1 << 26;
const MOST_GROWTH = 64;

/** An archive of files that are stored as they are. */
export function writeZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const local = [fileHeader(LOCAL, name, bytes), Buffer.from(name), bytes];
    directory.push(fileHeader(CENTRAL, name, bytes, offset), Buffer.from(name));
    for (const part of local) locals.push(part);
    offset += lengthOf(local);
  }
  return Buffer.concat([...locals, ...directory, endOf(Object.keys(files).length, lengthOf(directory), offset)]);
}

/** Both kinds of header; that of the directory has two fields more before, and some after. */
function fileHeader(signature: number, name: string, bytes: Uint8Array, offset = 0): Uint8Array {
  const central = signature === CENTRAL;
  const header = Buffer.alloc(central ? CENTRAL_BYTES : LOCAL_BYTES);
  const at = central ? 2 : 0;
  header.writeUInt32LE(signature, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 4 + at);
  header.writeUInt16LE(STORED, 8 + at);
  header.writeUInt16LE(DATE, 12 + at);
  header.writeUInt32LE(crc32(bytes), 14 + at);
  header.writeUInt32LE(bytes.length, 18 + at);
  header.writeUInt32LE(bytes.length, 22 + at);
  header.writeUInt16LE(Buffer.byteLength(name), 26 + at);
  if (central) header.writeUInt32LE(offset, 42);
  return header;
}

function endOf(count: number, directoryBytes: number, offset: number): Uint8Array {
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** A file of an archive that was found, but not unpacked. */
interface PackedFile {
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

/**
 * Unpacks those files of an archive that are wanted.
 * @throws BAD_MODEL_FILE
 */
export function readZip(archive: Uint8Array, wanted: (name: string) => boolean): Map<string, Uint8Array> {
  const view = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const found = [...directoryOf(view)].filter(([name]) => wanted(name));
  const total = found.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const most = Math.max(MOST_BYTES, MOST_GROWTH * archive.length);
  if (total > most) throw damagedZip(`it would unpack to ${total} bytes`);
  return new Map(found.map(([name, packed]) => [name, unpack(view, name, packed)]));
}

function directoryOf(view: Buffer): Map<string, PackedFile> {
  const end = endPlace(view);
  const count = view.readUInt16LE(end + 10);
  let at = view.readUInt32LE(end + 16);
  const files = new Map<string, PackedFile>();
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > view.length || view.readUInt32LE(at) !== CENTRAL)
      throw damagedZip("its directory is damaged");
    const nameEnd = at + CENTRAL_BYTES + view.readUInt16LE(at + 28);
    files.set(view.toString("utf8", at + CENTRAL_BYTES, nameEnd), packedAt(view, at));
    at = nameEnd + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return files;
}

function packedAt(view: Buffer, at: number): PackedFile {
  return {
    flags: view.readUInt16LE(at + 8),
    method: view.readUInt16LE(at + 10),
    checksum: view.readUInt32LE(at + 16),
    packedBytes: view.readUInt32LE(at + 20),
    bytes: view.readUInt32LE(at + 24),
    offset: view.readUInt32LE(at + 42),
  };
}

function endPlace(view: Buffer): number {
  const first = Math.max(0, view.length - END_BYTES - LONGEST_COMMENT);
  for (let at = view.length - END_BYTES; at >= first; at--) {
    if (view.readUInt32LE(at) === END) return at;
  }
  throw damagedZip("its end is missing");
}

function unpack(view: Buffer, name: string, packed: PackedFile): Uint8Array {
  const { flags, method, checksum, bytes } = packed;
  if ((flags & ENCRYPTED) !== 0) throw damagedZip(`${name} is encrypted`);
  const stored = storedBytes(view, name, packed);
  const unpacked = method === DEFLATED ? inflate(stored, name, bytes) : stored;
  if (method !== STORED && method !== DEFLATED) throw damagedZip(`${name} is packed in an unknown way, ${method}`);
  if (unpacked.length !== bytes || crc32(unpacked) !== checksum) throw damagedZip(`${name} is damaged`);
  return unpacked;
}

function storedBytes(view: Buffer, name: string, { offset, packedBytes }: PackedFile): Uint8Array {
  if (offset + LOCAL_BYTES > view.length || view.readUInt32LE(offset) !== LOCAL) throw damagedZip(`${name} is missing`);
  const start = offset + LOCAL_BYTES + view.readUInt16LE(offset + 26) + view.readUInt16LE(offset + 28);
  if (start + packedBytes > view.length) throw damagedZip(`it ends within ${name}`);
  return view.subarray(start, start + packedBytes);
}

function inflate(stored: Uint8Array, name: string, bytes: number): Uint8Array {
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.max(1, bytes) });
  } catch (error) {
    throw damagedZip(`${name} is damaged`, error);
  }
}
