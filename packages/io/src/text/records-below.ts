import { badFile } from "../errors.ts";
import { type Dialect, hasHeader } from "./dialect/dialect.ts";
import { BROKEN_QUOTE, RECORD, RecordScanner } from "./records.ts";
import { type RowPlan, readRow } from "./rows.ts";

/** The records below a header, a limited number of them, one after another. */
export class Records {
  readonly scanner: RecordScanner;
  /** how many may still come */
  left: number;
  readonly #path: string;
  readonly #dialect: Dialect;
  #header: boolean;
  readonly #window = { start: 0, end: 0 };
  readonly #target: { values: Float64Array; first: number } = { values: new Float64Array(0), first: 0 };

  constructor(path: string, dialect: Dialect, limit: number) {
    this.scanner = new RecordScanner(dialect.syntax);
    this.left = limit;
    this.#path = path;
    this.#dialect = dialect;
    this.#header = hasHeader(dialect);
  }

  /** The scanner with the next record at hand, or null where its bytes hold no more. @throws BAD_FILE */
  next(): RecordScanner | null {
    if (this.left === 0) return null;
    const { scanner } = this;
    const found = scanner.next();
    if (found === BROKEN_QUOTE) throw strayQuote(this.#path, scanner.line);
    if (found !== RECORD) return null;
    const { width, names } = this.#dialect;
    if (this.#header) {
      this.#header = false;
      if (names !== null && names.length !== width) throw wrongWidth(this.#path, scanner, width);
      return this.next();
    }
    if (scanner.fields !== width) throw wrongWidth(this.#path, scanner, width);
    this.left--;
    return scanner;
  }

  /** Reads the next record if it is plain; false leaves it to `next`. */
  readPlain(plan: RowPlan, out: Float64Array, first: number): boolean {
    const { scanner } = this;
    if (this.#header || this.left === 0 || scanner.skips) return false;
    this.#window.start = scanner.position;
    this.#window.end = scanner.end;
    this.#target.values = out;
    this.#target.first = first;
    const next = readRow(plan, scanner.bytes, this.#window, this.#target);
    if (next < 0) return false;
    scanner.pass(next);
    this.left--;
    return true;
  }
}

function wrongWidth(path: string, { line, fields }: RecordScanner, expected: number): Error {
  const problem = `expected ${expected} values in line ${line}, got ${fields}; lines above the table are passed over with \`skip\`, remarks with \`comment\``;
  return badFile(path, problem, { line, expected, got: fields });
}

export function strayQuote(path: string, line: number): Error {
  return badFile(path, `line ${line} has a stray quote, or one that is never closed`, { line });
}
