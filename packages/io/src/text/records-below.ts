import { badFile, strayQuote } from "../errors.ts";
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
  /** how many came */
  #rows = 0;
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
      if (names !== null && names.length !== width) throw otherNames(this.#path, scanner, this.#dialect);
      return this.next();
    }
    if (scanner.fields !== width) throw wrongWidth(this.#path, scanner, { width, above: this.#rows });
    this.left--;
    this.#rows++;
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
    this.#rows++;
    return true;
  }
}

/** in: above, rows read before */
function wrongWidth(
  path: string,
  { line, fields }: RecordScanner,
  { width, above }: { readonly width: number; readonly above: number },
): Error {
  const advice =
    above === 0
      ? "lines above the table are passed over with `skip`, remarks with `comment`"
      : `correct the line, pass over remarks with \`comment\`, or read the rows above it alone with \`limit\` ${above}`;
  return badFile(path, `expected ${width} values in line ${line}, got ${fields}; ${advice}`, {
    line,
    expected: width,
    got: fields,
  });
}

/** Another number of names than of values below them. */
function otherNames(path: string, { line, fields }: RecordScanner, { width, syntax }: Dialect): Error {
  const decimals = syntax.delimiter === "," && fields > 1 && width === 2 * fields;
  const advice = decimals
    ? "if commas are decimal signs too, quote the numbers or part them by another `delimiter`"
    : "add or take away names; lines above the table are passed over with `skip`, remarks with `comment`";
  return badFile(path, `expected ${width} names in line ${line}, one for each value below, got ${fields}; ${advice}`, {
    line,
    expected: width,
    got: fields,
  });
}
