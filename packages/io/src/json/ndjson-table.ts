import { type RowBatch, rowMajorBatch } from "@emix/core";
import { badFile, badText } from "../errors.ts";
import type { ByteSource } from "../input/bytes.ts";
import { evaluateExpressions, typeOfExpression } from "../sql/evaluate-expressions.ts";
import {
  type Column,
  PLAIN_COLUMN,
  rowFacts,
  type Source,
  type TextBatch,
  type Value,
  type ValueBatch,
  type ValueTable,
} from "../table.ts";
import { sampleText } from "../text/dialect/sample.ts";
import { numberIn } from "../text/numbers.ts";
import { RECORD, RecordScanner } from "../text/records.ts";
import { windows } from "../text/windows.ts";
import { groupThousands } from "../thousands.ts";
import { type Fields, fieldText, flatten, isPlainObject, parseExactly } from "./fields.ts";

const LINES = { delimiter: "", comment: "", tokens: [], skip: 0 };
const MOST_SAMPLED = 2000;
/** Names that a note lists. */
const MOST_NAMES = 5;

/** A file with a JSON object, or an array of numbers, on each line. @throws BAD_FILE, EMPTY_DATA */
export async function openNdjson(source: ByteSource, stop: () => void): Promise<ValueTable> {
  const { head, complete, further } = await sampleText(source, {});
  const rows: Fields[] = [];
  for (const [index, part] of [head, ...further].entries()) {
    const scanner = new RecordScanner(LINES);
    scanner.load(part, part.length, index > 0 || complete);
    while (rows.length < MOST_SAMPLED && scanner.next() === RECORD) rows.push(parse(source.path, scanner, index === 0));
  }
  return new NdjsonTable(source, columnsOf(rows), stop);
}

class NdjsonTable implements ValueTable {
  readonly path: string;
  readonly format = "ndjson";
  readonly text = null;
  readonly columns: readonly Column[];
  readonly missing: ReadonlyMap<string, number> = new Map();
  /** names that the first rows do not have → the line that has them first */
  readonly #late = new Map<string, number>();
  readonly #source: ByteSource;
  readonly #stop: () => void;

  constructor(source: ByteSource, columns: readonly Column[], stop: () => void) {
    this.path = source.path;
    this.columns = columns;
    this.#source = source;
    this.#stop = stop;
  }

  get notes(): readonly string[] {
    const late = [...this.#late].map(([name, line]) => `${JSON.stringify(name)} (line ${groupThousands(line)})`);
    return late.length === 0
      ? []
      : [`not read, as the first rows do not have it: ${late.slice(0, MOST_NAMES).join(", ")}`];
  }

  progress(): number {
    return this.#source.progress();
  }

  async count(limit: number): Promise<number> {
    const scanner = new RecordScanner(LINES);
    let rows = 0;
    for await (const _ of windows(this.#source, scanner, this.#stop)) {
      while (rows < limit && scanner.next() === RECORD) rows++;
      if (rows >= limit) break;
    }
    return rows;
  }

  async *numbers(sources: readonly Source[], limit: number): AsyncGenerator<RowBatch> {
    if (sources.some((source) => "expression" in source)) {
      yield* evaluateExpressions(this, sources, limit, this.#stop);
      return;
    }
    const width = sources.length;
    const known = new Set(this.columns.map(({ name }) => name));
    for await (const rows of this.#rows(limit)) {
      const values = new Float64Array(rows.length * width);
      for (const [row, { fields, line }] of rows.entries()) {
        for (const name of fields.keys()) {
          if (!known.has(name) && !this.#late.has(name) && this.#late.size <= MOST_NAMES) this.#late.set(name, line);
        }
        for (const [index, source] of sources.entries())
          values[row * width + index] = this.#number(source, fields, line);
      }
      yield rowMajorBatch(values, rows.length, width);
    }
  }

  async *values(columns: readonly number[], limit: number): AsyncGenerator<ValueBatch> {
    for await (const rows of this.#rows(limit)) {
      const cell = (column: number, { fields, line }: Row): Value => {
        const { kind, name } = this.columns[column];
        const value = fields.get(name);
        if (value === undefined || value === null) return null;
        if (kind === "number" || kind === "boolean" || kind === "list") this.#check(column, value, line);
        return kind === "text" || kind === "date" ? String(value) : (value as Value);
      };
      yield { rowCount: rows.length, columns: columns.map((column) => rows.map((row) => cell(column, row))) };
    }
  }

  async *texts(columns: readonly number[], limit: number): AsyncGenerator<TextBatch> {
    for await (const rows of this.#rows(limit, parseExactly)) {
      const cell =
        (column: number) =>
        ({ fields }: Row) =>
          fieldText(fields.get(this.columns[column].name));
      yield { rowCount: rows.length, columns: columns.map((column) => rows.map(cell(column))) };
    }
  }

  typeOf(name: string, expression: string): Promise<string> {
    return typeOfExpression(this, name, expression);
  }

  async close(): Promise<void> {}

  async *#rows(limit: number, read: (text: string) => unknown = JSON.parse): AsyncGenerator<Row[]> {
    const scanner = new RecordScanner(LINES);
    let left = limit;
    for await (const _ of windows(this.#source, scanner, this.#stop)) {
      const rows: Row[] = [];
      while (left > 0 && scanner.next() === RECORD) {
        rows.push({ fields: parse(this.path, scanner, true, read), line: scanner.line });
        left--;
      }
      yield rows;
      if (left === 0) return;
    }
  }

  #number(source: Source, fields: Fields, line: number): number {
    if ("expression" in source) return Number.NaN;
    const value = fields.get(this.columns[source.column].name);
    if (value === undefined || value === null) return Number.NaN;
    this.#check(source.column, value, line);
    const number = Array.isArray(value) ? value[source.element ?? 0] : value;
    return number === null ? Number.NaN : Number(number);
  }

  /** Whether a value is what its column holds. @throws BAD_FILE */
  #check(column: number, value: unknown, line: number): void {
    const { name, kind, length } = this.columns[column];
    const list =
      Array.isArray(value) &&
      value.length === length &&
      value.every((each) => each === null || typeof each === "number");
    if (kind === "list" ? list : typeof value === kind) return;
    const expected =
      kind === "list" ? `a list of ${length} numbers` : kind === "boolean" ? "true or false" : "a number";
    throw badText(this.path, line, name, JSON.stringify(value), expected);
  }
}

interface Row {
  readonly fields: Fields;
  readonly line: number;
}

/** The fields of the scanner's line. in: whole, whether a line that is no JSON is an error */
function parse(
  path: string,
  scanner: RecordScanner,
  whole: boolean,
  read: (text: string) => unknown = JSON.parse,
): Fields {
  const text = scanner.text(0);
  const { line } = scanner;
  let value: unknown;
  try {
    value = read(text);
  } catch (error) {
    if (!whole) return new Map();
    throw noObject(path, line, text, error);
  }
  const list = Array.isArray(value) && value.length > 0 && value.every(isPlainObject);
  if (typeof value !== "object" || value === null || list) throw noObject(path, line, text);
  return flatten(value, (name) => {
    throw badFile(path, `expected names that differ in line ${line}, got two values named ${JSON.stringify(name)}`, {
      line,
    });
  });
}

function noObject(path: string, line: number, text: string, cause?: unknown): Error {
  const advice = /^\s*[[{]/.test(text)
    ? "; each line is an object or an array of numbers, with null for no value, as `jq -c '.[]'` writes a list of objects"
    : "";
  const problem = `expected a JSON object in line ${line}, got ${JSON.stringify(text.slice(0, 40))}${advice}`;
  return badFile(path, problem, { line }, cause);
}

function columnsOf(rows: readonly Fields[]): Column[] {
  const names = new Set(rows.flatMap((row) => [...row.keys()]));
  return [...names].map((name) => columnOf(name, rows));
}

function columnOf(name: string, rows: readonly Fields[]): Column {
  const values = rows.map((row) => row.get(name)).filter((value) => value !== undefined && value !== null);
  const numbers = values.filter((value) => typeof value === "number");
  const lists = values.filter(
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((each) => each === null || typeof each === "number"),
  );
  const other = values.find((value) => typeof value !== "number");
  const plain = { ...PLAIN_COLUMN, name, example: other === undefined ? "" : String(other).slice(0, 40) };
  if (values.length === 0) return { ...plain, kind: "empty", type: "no values" };
  if (2 * numbers.length >= values.length) {
    return {
      ...plain,
      kind: "number",
      type: "numbers",
      ...(names(rows) > 1 ? rowFacts(name, numbers as number[]) : {}),
    };
  }
  if (values.every((value) => typeof value === "boolean")) return { ...plain, kind: "boolean", type: "true or false" };
  if (lists.length === values.length)
    return { ...plain, kind: "list", type: "lists of numbers", length: (lists[0] as unknown[]).length };
  const isDate = values.every((value) => typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value));
  if (isDate) return { ...plain, kind: "date", type: "dates", option: "`columns` name=epoch(…)" };
  return {
    ...plain,
    kind: typeof other === "string" ? "text" : "other",
    type: typeof other === "string" ? "text" : "mixed values",
    option: values.every(isNumberText) ? `\`columns\` name=…::DOUBLE` : "",
  };
}

function isNumberText(value: unknown): boolean {
  return typeof value === "string" && numberIn(value, PLAIN) !== undefined;
}

const PLAIN = { decimal: ".", thousands: "" };

function names(rows: readonly Fields[]): number {
  return rows[0]?.size ?? 0;
}
