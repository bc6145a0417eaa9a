import { emptyFile } from "../../errors.ts";
import { type ByteSource, firstBytes, readPart } from "../../input/bytes.ts";
import { type Encoding, encodingOf, textChunks } from "../encoding.ts";
import type { TextOptions } from "../options.ts";

/** Parts of a text, enough to see how it is written. */
export interface Sample {
  readonly encoding: Encoding;
  /** Its beginning, in whole lines. */
  readonly head: Buffer;
  /** Parts from further on, each in whole lines. */
  readonly further: readonly Buffer[];
  /** Whether the head is all there is. */
  readonly complete: boolean;
}

const HEAD_BYTES = 1 << 16;
const FEWEST_LINES = 40;
const MOST_BYTES = 1 << 23;
const FURTHER_PARTS = 6;
const FURTHER_BYTES = 1 << 13;
const NEWLINE = 10;
/** # and %. */
const COMMENTS = [35, 37];

/** @throws BAD_FILE, EMPTY_DATA */
export async function sampleText(source: ByteSource, { comment, skip = 0 }: Partial<TextOptions>): Promise<Sample> {
  const signs = comment === undefined ? COMMENTS : [comment.charCodeAt(0)];
  const fewest = FEWEST_LINES + skip;
  const parts: Buffer[] = [];
  let length = 0;
  let lines = 0;
  let complete = true;
  for await (const chunk of textChunks(source)) {
    parts.push(Buffer.from(chunk));
    length += chunk.length;
    if (lines < fewest) lines += linesIn(chunk, signs);
    if (length >= HEAD_BYTES && (lines >= fewest || length >= MOST_BYTES)) {
      complete = false;
      break;
    }
  }
  const bytes = Buffer.concat(parts);
  if (bytes.every((byte) => byte === NEWLINE || byte === 13 || byte === 32)) throw emptyFile(source.path);
  const start = (await startOf(source)) ?? bytes;
  const { encoding } = encodingOf(source.path, start);
  const head = complete ? bytes : wholeLines(bytes);
  return { encoding, head, complete, further: complete ? [] : await furtherParts(source, encoding, length) };
}

async function startOf(source: ByteSource): Promise<Buffer | null> {
  if (source.compression !== "none") return null;
  return (await firstBytes(source.file, 4096)).bytes;
}

/** Ends of lines behind which no comment begins: a table may have more comments above it than a sample holds. */
function linesIn(bytes: Buffer, signs: readonly number[]): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (!signs.includes(bytes[at + 1])) count++;
  }
  return count;
}

function wholeLines(bytes: Buffer): Buffer {
  const end = Math.max(bytes.lastIndexOf(NEWLINE), bytes.lastIndexOf(13));
  return end < 0 ? bytes : bytes.subarray(0, end + 1);
}

/** Only of files that can be read anywhere: a compressed or transcoded one shows its beginning alone. */
async function furtherParts(source: ByteSource, encoding: Encoding, from: number): Promise<Buffer[]> {
  if (source.compression !== "none" || encoding !== "UTF-8" || source.size <= from) return [];
  const step = (source.size - from) / FURTHER_PARTS;
  const parts: Buffer[] = [];
  for (let part = 0; part < FURTHER_PARTS; part++) {
    const last = part === FURTHER_PARTS - 1;
    const position = last ? Math.max(from, source.size - FURTHER_BYTES) : Math.floor(from + part * step);
    const { bytes } = await readPart(source.file, position, FURTHER_BYTES);
    const begin = bytes.indexOf(NEWLINE) + 1;
    parts.push(last ? bytes.subarray(begin) : wholeLines(bytes.subarray(begin)));
  }
  return parts.filter((part) => part.length > 0);
}
