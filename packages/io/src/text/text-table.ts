import { type RowBatch, rowMajorBatch } from "@emix/core";
import { badText, strayQuote } from "../errors.ts";
import type { ByteSource } from "../input/bytes.ts";
import { evaluateExpressions, typeOfExpression } from "../sql/evaluate-expressions.ts";
import type { Column, Source, TextBatch, TextFacts, Value, ValueBatch, ValueTable } from "../table.ts";
import { Cells } from "./cells.ts";
import { columnsOf } from "./columns.ts";
import { type Dialect, hasHeader, readDialect } from "./dialect/dialect.ts";
import { type Sample, sampleText } from "./dialect/sample.ts";
import { booleanIn, kindOf, listIn } from "./kinds.ts";
import { numberIn } from "./numbers.ts";
import { missingTokens, type TextOptions } from "./options.ts";
import { RecordScanner } from "./records.ts";
import { Records } from "./records-below.ts";
import { summaryIn } from "./summary-row.ts";
import { windows } from "./windows.ts";

/** Opens a text of numbers: CSV and what resembles it. @throws AMBIGUOUS_FILE, BAD_FILE, EMPTY_DATA */
export async function openText(source: ByteSource, given: TextOptions, stop: () => void): Promise<ValueTable> {
  const sample = await sampleText(source, given);
  const dialect = await readDialect(source.path, sample, given);
  const table = new TextTable(source, sample, { dialect, missing: missingTokens(given) }, stop);
  await table.lookForValues(sample);
  return table;
}

/** How a text is read. */
interface Way {
  readonly dialect: Dialect;
  readonly missing: ReadonlySet<string>;
}

class TextTable implements ValueTable {
  readonly path: string;
  readonly format = "csv";
  readonly text: TextFacts;
  columns: readonly Column[];
  missing: ReadonlyMap<string, number> = new Map();
  notes: readonly string[] = [];
  readonly #summary: string | null;
  readonly #source: ByteSource;
  #dialect: Dialect;
  readonly #missing: ReadonlySet<string>;
  readonly #stop: () => void;

  constructor(source: ByteSource, { encoding, complete }: Sample, { dialect, missing }: Way, stop: () => void) {
    this.path = source.path;
    this.columns = columnsOf(dialect, missing);
    this.text = {
      delimiter: dialect.syntax.delimiter,
      ...dialect.style,
      header: dialect.header,
      encoding,
    };
    this.#summary = summaryIn(dialect, complete);
    this.#source = source;
    this.#dialect = dialect;
    this.#missing = missing;
    this.#stop = stop;
  }

  /** A column without a value in the sample may have some further on: they tell what it holds. */
  async lookForValues({ complete }: Sample): Promise<void> {
    const empty = this.columns.flatMap(({ kind }, column) => (kind === "empty" ? [column] : []));
    if (complete || empty.length === 0) return;
    const found = new Map<number, string[]>(empty.map((column) => [column, []]));
    for await (const scanner of this.#records(Number.POSITIVE_INFINITY)) {
      for (const [column, values] of found) {
        const text = scanner.text(column);
        if (values.length < ENOUGH && !this.#missing.has(text.trim())) values.push(text);
      }
      if ([...found.values()].every((values) => values.length >= ENOUGH)) break;
    }
    const kinds = this.#dialect.kinds.map((kind, column) =>
      kindOf(found.get(column) ?? [], this.#dialect.style).kind === "empty"
        ? kind
        : kindOf(found.get(column) ?? [], this.#dialect.style),
    );
    const columns = this.#dialect.columns.map((values, column) => [...values, ...(found.get(column) ?? [])]);
    this.#dialect = { ...this.#dialect, kinds, columns };
    this.columns = columnsOf(this.#dialect, this.#missing);
  }

  progress(): number {
    return this.#source.progress();
  }

  async count(limit: number): Promise<number> {
    const scanner = this.#scanner();
    let rows = 0;
    let header = this.#hasHeader ? 1 : 0;
    for await (const _ of windows(this.#source, scanner, this.#stop)) {
      const found = scanner.count(limit + header - rows);
      if (found < 0) throw strayQuote(this.path, scanner.line);
      rows += found;
      if (header === 1 && rows > 0) {
        rows--;
        header = 0;
      }
      if (rows >= limit) break;
    }
    return rows;
  }

  async *numbers(sources: readonly Source[], limit: number): AsyncGenerator<RowBatch> {
    const isWhole = !Number.isFinite(limit);
    this.notes =
      this.#summary === null || !isWhole
        ? []
        : [`the last row is a point too, but ${this.#summary}: \`limit\` leaves it out`];
    if (sources.some((source) => "expression" in source)) {
      yield* evaluateExpressions(this, sources, limit, this.#stop);
      return;
    }
    const cells = new Cells(this.path, this.columns, sources, { style: this.#dialect.style, missing: this.#missing });
    const { width } = cells;
    this.missing = cells.counts;
    const plan = cells.plan(this.#dialect.width, this.#dialect.syntax.delimiter);
    let values = new Float64Array(width * 1024);
    for await (const records of this.#windows(limit)) {
      let rowCount = 0;
      for (;;) {
        if ((rowCount + 1) * width > values.length) values = grow(values);
        if (plan !== null && records.readPlain(plan, values, rowCount * width)) rowCount++;
        else {
          const scanner = records.next();
          if (scanner === null) break;
          cells.read(scanner, values, rowCount++ * width);
        }
      }
      yield rowMajorBatch(values, rowCount, width);
    }
  }

  async *values(columns: readonly number[], limit: number): AsyncGenerator<ValueBatch> {
    for await (const records of this.#windows(limit)) {
      const lists: Value[][] = columns.map(() => []);
      for (let scanner = records.next(); scanner !== null; scanner = records.next()) {
        for (const [index, column] of columns.entries()) lists[index].push(this.#value(scanner, column));
        if (lists[0].length === ROWS_AT_ONCE) {
          yield { rowCount: lists[0].length, columns: lists.map((list) => list.splice(0)) };
        }
      }
      yield { rowCount: lists[0]?.length ?? 0, columns: lists };
    }
  }

  async *texts(columns: readonly number[], limit: number): AsyncGenerator<TextBatch> {
    for await (const records of this.#windows(limit)) {
      const lists: string[][] = columns.map(() => []);
      let rowCount = 0;
      for (let scanner = records.next(); scanner !== null; scanner = records.next(), rowCount++) {
        for (const [index, column] of columns.entries()) lists[index].push(scanner.text(column));
      }
      yield { rowCount, columns: lists };
    }
  }

  typeOf(name: string, expression: string): Promise<string> {
    return typeOfExpression(this, name, expression);
  }

  async close(): Promise<void> {}

  get #hasHeader(): boolean {
    return hasHeader(this.#dialect);
  }

  #scanner(): RecordScanner {
    return new RecordScanner(this.#dialect.syntax);
  }

  /** A field as SQL takes it; text that is none of its column's kind is an error where numbers are expected. */
  #value(scanner: RecordScanner, column: number): Value {
    const text = scanner.text(column);
    if (this.#missing.has(text.trim())) return null;
    const { kind, name } = this.columns[column];
    if (kind === "boolean") return booleanIn(text) === 1;
    if (kind === "list") return listIn(text) ?? null;
    if (kind !== "number") return kind === "date" ? text.trim() : text;
    const value = numberIn(text, this.#dialect.style);
    if (value === undefined) throw badText(this.path, scanner.line, name, text);
    return value;
  }

  async *#records(limit: number): AsyncGenerator<RecordScanner> {
    for await (const records of this.#windows(limit)) {
      for (let scanner = records.next(); scanner !== null; scanner = records.next()) yield scanner;
    }
  }

  /** For each part of the file, its records. @throws BAD_FILE */
  async *#windows(limit: number): AsyncGenerator<Records> {
    const records = new Records(this.path, this.#dialect, limit);
    for await (const _ of windows(this.#source, records.scanner, this.#stop)) {
      yield records;
      if (records.left === 0) return;
    }
  }
}

/** Values that tell what a column holds. */
const ENOUGH = 50;
/** Rows handed to SQL at a time. */
const ROWS_AT_ONCE = 2048;

function grow(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
