import { setImmediate } from "node:timers/promises";
import {
  completeRows,
  type Dtype,
  least,
  type MissingOption,
  numberAt,
  type Place,
  type PointSource,
  type RowBatch,
  type RowCounts,
} from "@emix/core";
import type { ChosenColumn, ColumnsToRead } from "./columns.ts";
import { badFile, oneLine, unknownColumn } from "./errors.ts";
import type { Meter } from "./input/meter.ts";
import { type ColumnLeftOut, leftOut } from "./left-out.ts";
import { nearest } from "./nearest.ts";
import type { ReadColumn, Reading } from "./reading.ts";
import { holdsWord } from "./sql/expressions.ts";
import type { Column, Table, TextBatch } from "./table.ts";

/** How much of the work is done when the rows are counted; when they were also looked at for missing numbers. */
const COUNTED = 0.2;
const CHECKED = 0.5;

/** Numbers after which events are let through. */
const PAUSE_AFTER = 1 << 17;

/** What of a file's points the caller chooses beside the columns. */
export interface PointsOptions {
  /** Infinity for all rows */
  readonly limit: number;
  readonly dtype: Dtype;
  readonly meter: Meter;
  /** whether the text is read by the option `like`; null: there is none, or it is no text */
  readonly like: boolean | null;
  readonly paths: readonly string[];
  /** gives up what reading holds */
  readonly close: () => Promise<void>;
}

/** Rows of points whose columns have names. */
export interface RowsFile extends PointSource {
  /** the names of the features as `FileOptions.columns` takes them, d */
  readonly columns: readonly string[];
  /** names of all columns of the file */
  readonly allColumns: readonly string[];
  /** Columns of the file, of whatever kind, as it writes them: of all rows, in order. @throws UNKNOWN_COLUMN */
  texts(names: readonly string[]): AsyncIterable<TextBatch>;
  /** What was read, as data; once all batches were taken. in: the rows that it had, and those of them left out */
  reading(rows: number, dropped: number): Reading;
  /** Gives up files, memory and threads. */
  close(): Promise<void>;
}

/** An open file of points. Rows are counted from 1 in its messages, without a header. */
export class FilePoints implements RowsFile {
  readonly path: string;
  readonly dtype: Dtype;
  readonly features: number;
  readonly weighted: boolean;
  readonly columns: readonly string[];
  readonly #table: Table;
  readonly #chosen: ColumnsToRead;
  /** Those of the features, then that of the weight. */
  readonly #list: readonly ChosenColumn[];
  readonly #options: PointsOptions;
  /** where every row lacks a number: what column lacks most */
  #lacking = "";
  /** columns with a number from which on their note holds */
  readonly #noted = new Set<Column>();

  constructor(table: Table, chosen: ColumnsToRead, options: PointsOptions) {
    const { features, weight } = chosen;
    this.path = table.path;
    this.dtype = options.dtype;
    this.features = features.length;
    this.weighted = weight !== null;
    this.columns = features.map(({ as }) => as);
    this.#table = table;
    this.#chosen = chosen;
    this.#list = weight === null ? features : [...features, weight];
    this.#options = options;
  }

  place(row?: number, column?: number): Place {
    const name = column === undefined ? undefined : this.#list[column].name;
    const inRow = row === undefined ? [] : [`row ${row + 1}`];
    const inColumn = name === undefined ? [] : [`column ${JSON.stringify(name)}`];
    const inside = [...inRow, ...inColumn].join(", ");
    const counted = row === undefined ? "" : " (rows counted from 1, without a header)";
    return {
      words: oneLine(
        `${inside === "" ? "" : `${inside} of `}${this.path}${counted}${row === undefined ? this.#lacking : ""}`,
      ),
      details: {
        path: this.path,
        ...(row !== undefined && { row: row + 1 }),
        ...(name !== undefined && { column: name }),
      },
    };
  }

  async count(missing: MissingOption): Promise<RowCounts> {
    const { limit, meter } = this.#options;
    meter.begin(missing === "error" ? COUNTED : CHECKED, () => this.#table.progress());
    meter.check();
    if (missing === "error") return { rows: await this.#table.count(limit), complete: null };
    let rows = 0;
    let complete = 0;
    for await (const batch of this.#numbers()) {
      rows += batch.rowCount;
      complete += completeRows(batch);
    }
    if (rows > 0 && complete === 0) this.#lacking = await this.#leastFilled();
    return { rows, complete };
  }

  /** In words, the column with the fewest numbers. */
  async #leastFilled(): Promise<string> {
    const numbers = this.#list.map(() => 0);
    for await (const batch of this.#numbers()) {
      for (let row = 0; row < batch.rowCount; row++) {
        for (const column of numbers.keys()) if (Number.isFinite(numberAt(batch, row, column))) numbers[column]++;
      }
    }
    const fewest = least(numbers);
    return ` (column ${JSON.stringify(this.#list[numbers.indexOf(fewest)].name)} has one in ${fewest} of its rows)`;
  }

  async *batches(rows: number): AsyncGenerator<RowBatch> {
    let seen = 0;
    this.#options.meter.begin(1, () => seen / rows);
    for await (const batch of this.#numbers()) {
      seen += batch.rowCount;
      if (seen > rows) break;
      yield batch;
    }
    if (seen !== rows)
      throw badFile(this.path, "its rows changed while it was being read; read it again when nobody writes it");
    this.#options.meter.end();
  }

  get allColumns(): string[] {
    return this.#table.columns.map(({ name }) => name);
  }

  texts(names: readonly string[]): AsyncIterable<TextBatch> {
    const known = this.allColumns;
    const columns = names.map((name) => {
      const index = known.indexOf(name);
      if (index < 0) throw unknownColumn(this.path, name, known, nearest(name, known));
      return index;
    });
    return this.#table.texts(columns, this.#options.limit);
  }

  reading(rows: number, dropped: number): Reading {
    const { format, text, missing } = this.#table;
    return {
      paths: this.#options.paths,
      format,
      rows,
      dropped,
      columns: this.#chosen.features.map((column) => this.#read(column)),
      weight: this.#chosen.weight === null ? null : this.#read(this.#chosen.weight),
      leftOut: this.#leftOut(),
      text,
      missing: Object.fromEntries(missing),
      ...(this.#options.like !== null && { like: this.#options.like }),
      notes: this.#notes(),
    };
  }

  close(): Promise<void> {
    return this.#options.close();
  }

  async *#numbers(): AsyncGenerator<RowBatch> {
    const { limit, meter } = this.#options;
    const sources = this.#list.map(({ source }) => source);
    let numbers = 0;
    for await (const batch of this.#table.numbers(sources, limit)) {
      meter.check();
      this.#lookForNotes(batch);
      if (batch.rowCount > 0) yield batch;
      numbers += batch.rowCount * sources.length;
      if (numbers < PAUSE_AFTER) continue;
      // Some formats give many batches without waiting for anything.
      await setImmediate();
      numbers = 0;
    }
    // Where a signal fires, rows may seem to have ended.
    meter.check();
  }

  #read({ name, source }: ChosenColumn): ReadColumn {
    if ("expression" in source) return { name, from: source.expression, kind: "expression" };
    const column = this.#table.columns[source.column];
    const kind = column.kind === "boolean" || column.kind === "list" ? column.kind : "number";
    return { name, from: source.element === null ? column.name : `${column.name}[${source.element}]`, kind };
  }

  #leftOut(): ColumnLeftOut[] {
    const used = new Set(this.#list.flatMap(({ source }) => ("column" in source ? [source.column] : [])));
    return this.#table.columns.flatMap((column, index) =>
      used.has(index) || this.#isInExpression(column) ? [] : [leftOut(column, this.#chosen.excluded.has(index))],
    );
  }

  #isInExpression({ name }: Column): boolean {
    return this.#list.some(({ source }) => "expression" in source && holdsWord(source.expression, name));
  }

  #notes(): string[] {
    const used = this.#list.flatMap(({ source }) => ("column" in source ? [this.#table.columns[source.column]] : []));
    const holding = used.filter((column) => column.noteFrom === 0 || this.#noted.has(column));
    const notes = holding.filter(({ note }) => note !== "").map(({ name, note }) => `${name}: ${note}`);
    return [...new Set([...notes, ...this.#table.notes])];
  }

  /** Finds the columns with numbers so large that their notes hold. */
  #lookForNotes({ rowCount, columns }: RowBatch): void {
    for (const [index, { source }] of this.#list.entries()) {
      const column = "column" in source ? this.#table.columns[source.column] : undefined;
      if (column === undefined || column.noteFrom === 0 || this.#noted.has(column)) continue;
      const { values, offset, stride } = columns[index];
      for (let row = 0; row < rowCount; row++) {
        if (Math.abs(values[offset + row * stride]) >= column.noteFrom) this.#noted.add(column);
      }
    }
  }
}
