import { open } from "node:fs/promises";
import { badFile, emptyFile } from "../errors.ts";
import { readFully } from "../read-fully.ts";

/** The first record of a CSV file, and how it is written. */
export interface CsvHead {
  readonly delimiter: string;
  readonly fields: readonly string[];
  /** Blank lines above it. */
  readonly blankLines: number;
}

/** Longer lines are refused by DuckDB too. */
const LONGEST_LINE = 2_000_000;
const DELIMITERS = [",", ";", "\t", "|"];

/**
 * Reads the first record. The separator is the one that it holds most of, outside quotes; with none of them, the file
 * has one column.
 * @throws BAD_FILE, EMPTY_DATA
 */
export async function readCsvHead(path: string): Promise<CsvHead> {
  const text = await readStart(path);
  const body = text.replace(/^(\r\n|\n|\r)+/, "");
  if (body.trim() === "") throw emptyFile(path);
  const blankLines = text.slice(0, text.length - body.length).match(/\r\n|\n|\r/g)?.length ?? 0;
  const delimiter = DELIMITERS.reduce((best, next) => (splits(body, next) > splits(body, best) ? next : best));
  const fields = splitRecord(body, delimiter);
  if (fields.some((field) => /[\r\n]/.test(field))) {
    throw badFile(path, "a name in its first line holds a line break, or a quote there is never closed");
  }
  return { delimiter, fields, blankLines };
}

async function readStart(path: string): Promise<string> {
  const file = await open(path).catch((error: Error) => {
    throw badFile(path, error.message, {}, error);
  });
  try {
    const bytes = Buffer.alloc(Math.min(LONGEST_LINE, (await file.stat()).size));
    const start = bytes.subarray(0, await readFully(file, bytes, 0));
    if (start.includes(0)) throw badFile(path, "expected UTF-8 text, it is binary or UTF-16; save it as UTF-8");
    return new TextDecoder().decode(start);
  } finally {
    await file.close();
  }
}

function splits(text: string, delimiter: string): number {
  return splitRecord(text, delimiter).length;
}

/** The fields of the record at the start of a text, unquoted as RFC 4180 says. */
function splitRecord(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const { field, end } = text[at] === '"' ? quotedField(text, at) : plainField(text, at, delimiter);
    fields.push(field);
    if (text[end] !== delimiter) return fields;
    at = end + 1;
  }
}

function plainField(text: string, start: number, delimiter: string): { field: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return { field: text.slice(start, end), end };
}

function quotedField(text: string, start: number): { field: string; end: number } {
  let end = start + 1;
  while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) end += text[end] === '"' ? 2 : 1;
  return { field: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}
