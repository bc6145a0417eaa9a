import { BROKEN_QUOTE, MORE, RecordScanner, type Syntax } from "../records.ts";

/** Records of a sample as text. */
export interface Split {
  readonly rows: readonly (readonly string[])[];
  /** Whether a field was quoted, as `rows`. */
  readonly quoted: readonly (readonly boolean[])[];
  /** The line that each record begins on, from 1. */
  readonly lines: readonly number[];
  /** The line of a quote that is never closed, or that text follows; null: none. */
  readonly brokenAt: number | null;
}

const MOST_ROWS = 500;
const MOST_CELLS = 20_000;
const FEWEST_ROWS = 20;

/** in: last, whether the text ends with these bytes */
export function splitText(bytes: Buffer, syntax: Syntax, last: boolean): Split {
  const scanner = new RecordScanner(syntax);
  scanner.load(bytes, bytes.length, last);
  const rows: string[][] = [];
  const quoted: boolean[][] = [];
  const lines: number[] = [];
  let cells = 0;
  while (rows.length < MOST_ROWS && (cells < MOST_CELLS || rows.length < FEWEST_ROWS)) {
    const found = scanner.next();
    if (found === MORE) break;
    if (found === BROKEN_QUOTE) return { rows, quoted, lines, brokenAt: scanner.line };
    const fields = Array.from({ length: scanner.fields }, (_, field) => field);
    rows.push(fields.map((field) => scanner.text(field)));
    quoted.push(fields.map((field) => scanner.quoted[field] > 0));
    lines.push(scanner.line);
    cells += scanner.fields;
  }
  return { rows, quoted, lines, brokenAt: null };
}
