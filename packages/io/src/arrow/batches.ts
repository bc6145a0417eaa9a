import { type FileHandle, open } from "node:fs/promises";
import { type Data, Message, type RecordBatch, RecordBatchReader, Table, tableToIPC } from "apache-arrow";
import { badFile } from "../errors.ts";
import { unreadable } from "../input/bytes.ts";
import type { InputFile } from "../input/input.ts";
import { readFully } from "../read-fully.ts";
import { messagesOf, verifyMessage } from "./verify.ts";

const CONTINUATION = -1;
const MAGIC = "ARROW1";
const END_BYTES = 8;
/** bytes of a footer's length and of the magic behind it */
const END_OF_FILE = 10;

/**
 * The record batches of an Arrow file or stream. Its messages are read one by one, each held against the file's size: the
 * library's own reader of files waits for ever on some damaged ones.
 * @throws BAD_FILE
 */
export async function* batchesOf({ path, name }: InputFile): AsyncGenerator<RecordBatch> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(name, error);
  });
  try {
    yield* readBatches(file);
  } catch (error) {
    if (error instanceof Error && "details" in error) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw badFile(name, `expected an Arrow IPC file or stream (${reason.replace(/\.$/, "")})`, {}, error);
  } finally {
    await file.close();
  }
}

async function* readBatches(file: FileHandle): AsyncGenerator<RecordBatch> {
  const { size } = await file.stat();
  const start = await part(file, 0, Math.min(8, size));
  const footer = start.toString("latin1", 0, 6) === MAGIC ? await footerOf(file, size) : null;
  const positions = footer === null ? null : messagesOf(footer.subarray(0, -END_OF_FILE));
  let before: Buffer[] = footer === null ? [] : [schemaOf(footer)];
  for await (const { message, position, length } of framesOf(file, size, positions)) {
    if (before.length === 0 && !message.isSchema()) throw new Error("it has no schema");
    if (message.isRecordBatch()) yield* decode(await partAfter(before, file, position, length));
    else if (message.isSchema()) before = [await part(file, position, length)];
    else if (message.isDictionaryBatch()) before.push(await part(file, position, length));
  }
  if (before.length === 0) throw new Error("it has no schema");
}

/** The messages of a stream lie one behind another. A file's footer says where they are; some have other bytes between. */
async function* framesOf(file: FileHandle, size: number, positions: readonly number[] | null): AsyncGenerator<Frame> {
  if (positions !== null) {
    for (const position of positions) {
      const frame = await readFrame(file, position, size);
      if (frame === null) throw new Error("a message lies outside it");
      yield frame;
    }
    return;
  }
  for (let position = 0; ; ) {
    const frame = await readFrame(file, position, size);
    if (frame === null) return;
    yield frame;
    position += frame.length;
  }
}

/** A file's footer, with its length and the magic behind it. */
async function footerOf(file: FileHandle, size: number): Promise<Buffer> {
  const tail = await part(file, Math.max(0, size - END_OF_FILE), Math.min(END_OF_FILE, size));
  const length = tail.length < END_OF_FILE ? -1 : tail.readInt32LE(0);
  if (tail.toString("latin1", 4) !== MAGIC || length < 0 || length + 18 > size) throw new Error("it has no footer");
  return await part(file, size - END_OF_FILE - length, length + END_OF_FILE);
}

/** The schema of a footer as a message: some files have it nowhere else. in: footer, whose vectors lie within it */
function schemaOf(footer: Buffer): Buffer {
  const reader = RecordBatchReader.from(new Uint8Array(Buffer.concat([Buffer.from(`${MAGIC}\0\0`), footer])));
  openForSchema(reader);
  return Buffer.from(tableToIPC(new Table(reader.schema), "stream")).subarray(0, -END_BYTES);
}

/** Dictionaries lie elsewhere in the file, so that opening fails where there are any: the schema is known by then. */
function openForSchema(reader: RecordBatchReader): void {
  try {
    reader.open();
  } catch (error) {
    if ((reader.schema?.dictionaries.size ?? 0) === 0) throw error;
  }
}

interface Frame {
  readonly message: Message;
  readonly position: number;
  /** bytes of the message as it stands in the file, with its body */
  readonly length: number;
}

/** out: null at the end */
async function readFrame(file: FileHandle, position: number, size: number): Promise<Frame | null> {
  if (position < 0 || position + 8 > size) return null;
  const head = await part(file, position, 8);
  const continued = head.readInt32LE(0) === CONTINUATION;
  const begin = position + (continued ? 8 : 4);
  const length = head.readInt32LE(continued ? 4 : 0);
  if (length === 0) return null;
  if (length < 0 || begin + length > size) throw new Error("a message lies outside it");
  const metadata = await part(file, begin, length);
  verifyMessage(metadata);
  const message = Message.decode(metadata);
  const body = Number(message.bodyLength);
  const end = begin + length + body;
  if (!(body >= 0 && end <= size)) throw new Error("a message's body lies outside it");
  return { message, position, length: end - position };
}

function* decode(bytes: Uint8Array): Generator<RecordBatch> {
  for (const batch of RecordBatchReader.from(bytes)) {
    if (batch.numRows > 8 * bytesOf(batch.data) + 8) throw new Error("a batch promises more rows than it holds");
    const { fields } = batch.schema;
    const whole = batch.data.children.length === fields.length && fields.every(({ name }) => typeof name === "string");
    if (!whole) throw new Error("a batch lacks a column, or a column its name");
    yield batch;
  }
}

function bytesOf({ values, children }: Data): number {
  const own = ArrayBuffer.isView(values) ? values.byteLength : 0;
  return children.reduce((sum, child) => sum + bytesOf(child), own);
}

async function part(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  if ((await readFully(file, bytes, position)) < length) throw new Error("it is cut off");
  return bytes;
}

/** Bytes of a file behind others, read to where they are used: a batch may be most of the file. */
async function partAfter(
  before: readonly Buffer[],
  file: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array> {
  const start = Buffer.concat(before);
  const bytes = Buffer.from(new ArrayBuffer(start.length + length));
  start.copy(bytes);
  const body = bytes.subarray(start.length);
  if ((await readFully(file, body, position)) < length) throw new Error("it is cut off");
  return new Uint8Array(bytes.buffer);
}
