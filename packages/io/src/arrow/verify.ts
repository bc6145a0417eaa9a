// The library reads as many elements as a damaged length says, two thousand million of them: lengths are checked first.

/** A table of a FlatBuffer: where it lies. */
interface Place {
  readonly bytes: Buffer;
  readonly at: number;
}

const SCHEMA = 1;
const DICTIONARY = 2;
const BATCH = 3;
const DEEPEST = 64;
const BLOCK_BYTES = 24;

/** Throws unless the vectors of a message lie within it. */
export function verifyMessage(bytes: Buffer): void {
  const root = rootOf(bytes);
  const type = byteOf(root, 1);
  const header = tableOf(root, 2);
  if (header === null) throw damagedMetadata();
  if (type === SCHEMA) verifySchema(header);
  if (type === BATCH) verifyBatch(header);
  const data = type === DICTIONARY ? tableOf(header, 1) : null;
  if (data !== null) verifyBatch(data);
}

/**
 * Where a file's footer says that its messages begin, those of dictionaries first. Throws unless the vectors of the footer
 * lie within it.
 */
export function messagesOf(footer: Buffer): number[] {
  const root = rootOf(footer);
  const schema = tableOf(root, 1);
  if (schema !== null) verifySchema(schema);
  return [2, 3].flatMap((field) => {
    const blocks = vectorOf(root, field, BLOCK_BYTES);
    return Array.from({ length: blocks?.length ?? 0 }, (_, index) =>
      Number(footer.readBigInt64LE((blocks?.at ?? 0) + BLOCK_BYTES * index)),
    );
  });
}

function verifySchema(schema: Place): void {
  verifyTables(schema, 1, verifyField, 0);
  vectorOf(schema, 2, 4);
}

function verifyField(field: Place, depth: number): void {
  if (depth > DEEPEST) throw damagedMetadata();
  verifyTables(field, 5, verifyField, depth + 1);
  vectorOf(field, 6, 4);
}

function verifyBatch(batch: Place): void {
  vectorOf(batch, 1, 16);
  vectorOf(batch, 2, 16);
  vectorOf(batch, 4, 8);
}

function verifyTables(table: Place, field: number, verify: (table: Place, depth: number) => void, depth: number): void {
  const vector = vectorOf(table, field, 4);
  for (let index = 0; index < (vector?.length ?? 0); index++) {
    const at = (vector?.at ?? 0) + 4 * index;
    verify({ bytes: table.bytes, at: at + uint32(table.bytes, at) }, depth);
  }
}

function rootOf(bytes: Buffer): Place {
  return { bytes, at: uint32(bytes, 0) };
}

/** Where a field of a table lies; 0 where the table lacks it. */
function fieldOf({ bytes, at }: Place, field: number): number {
  const fields = at - int32(bytes, at);
  const entry = fields + 4 + 2 * field;
  if (entry + 2 > fields + uint16(bytes, fields)) return 0;
  const offset = uint16(bytes, entry);
  return offset === 0 ? 0 : at + offset;
}

function byteOf(table: Place, field: number): number {
  const at = fieldOf(table, field);
  return at === 0 ? 0 : (table.bytes[at] ?? 0);
}

function tableOf(table: Place, field: number): Place | null {
  const at = fieldOf(table, field);
  return at === 0 ? null : { bytes: table.bytes, at: at + uint32(table.bytes, at) };
}

/** A vector of a table, of elements of this many bytes; null where there is none. */
function vectorOf(table: Place, field: number, size: number): { at: number; length: number } | null {
  const place = tableOf(table, field);
  if (place === null) return null;
  const length = uint32(table.bytes, place.at);
  if (place.at + 4 + length * size > table.bytes.length) throw damagedMetadata();
  return { at: place.at + 4, length };
}

function uint32(bytes: Buffer, at: number): number {
  requireBytes(bytes, at, 4);
  return bytes.readUInt32LE(at);
}

function int32(bytes: Buffer, at: number): number {
  requireBytes(bytes, at, 4);
  return bytes.readInt32LE(at);
}

function uint16(bytes: Buffer, at: number): number {
  requireBytes(bytes, at, 2);
  return bytes.readUInt16LE(at);
}

function requireBytes(bytes: Buffer, at: number, count: number): void {
  if (at < 0 || at + count > bytes.length) throw damagedMetadata();
}

function damagedMetadata(): Error {
  return new Error("its metadata is damaged");
}
