import { resolve } from "node:path";
import type { RowBatch } from "@emix/core";
import { badFile } from "../errors.ts";
import type { InputFile } from "../input/input.ts";
import { checkExpression, sqlOf } from "../sql/expressions.ts";
import {
  type Column,
  PLAIN_COLUMN,
  rowFacts,
  type Source,
  type Table,
  type TextBatch,
  WIDE_INTEGERS,
} from "../table.ts";
import { Database, type DatabaseOptions } from "./database.ts";
import { expressionFailure, readFailure, valueFailure } from "./failures.ts";
import { checkFooter } from "./footer.ts";
import { globLiteral, quoteName, quoteText } from "./sql.ts";

/** Parquet files with the same columns, as one table. @throws BAD_FILE, ALLOCATION_FAILED */
export async function openParquet(files: readonly InputFile[], options: DatabaseOptions): Promise<Table> {
  for (const file of files) await checkFooter(file);
  const paths = files.map(({ path }) => path);
  const database = await Database.open(paths, options);
  return openDuckTable({ path: files[0].name, format: "parquet", from: parquetSql(paths) }, database);
}

export function parquetSql(paths: readonly string[]): string {
  const list = paths.map((path) => quoteText(globLiteral(resolve(path))));
  return `read_parquet([${list.join(", ")}], hive_partitioning = false)`;
}

interface Relation {
  readonly path: string;
  readonly format: string;
  /** what follows FROM */
  readonly from: string;
}

/** What a database can be asked for, as a table. The database is the table's from here on. */
export async function openDuckTable(relation: Relation, database: Database): Promise<Table> {
  try {
    return new DuckTable(relation, database, await columnsOf(database, relation.from));
  } catch (error) {
    await database.close();
    throw readFailure(relation.path, error);
  }
}

class DuckTable implements Table {
  readonly path: string;
  readonly format: string;
  readonly columns: readonly Column[];
  readonly text = null;
  readonly missing: ReadonlyMap<string, number> = new Map();
  readonly notes: readonly string[] = [];
  readonly #from: string;
  readonly #database: Database;

  constructor({ path, format, from }: Relation, database: Database, columns: readonly Column[]) {
    this.path = path;
    this.format = format;
    this.columns = columns;
    this.#from = from;
    this.#database = database;
  }

  progress(): number {
    return 0;
  }

  async count(limit: number): Promise<number> {
    try {
      const [rows] = await this.#database.numbers(`SELECT count(*)::DOUBLE FROM (SELECT 1 FROM ${this.#rows(limit)})`);
      return rows;
    } catch (error) {
      throw readFailure(this.path, error);
    }
  }

  async *numbers(sources: readonly Source[], limit: number): AsyncGenerator<RowBatch> {
    try {
      yield* this.#database.batches(this.#select(sources, limit));
    } catch (error) {
      throw await this.#failure(sources, limit, error);
    }
  }

  async *texts(columns: readonly number[], limit: number): AsyncGenerator<TextBatch> {
    const list = columns.map((column) => `${quoteName(this.columns[column].name)}::VARCHAR`);
    try {
      yield* this.#database.textBatches(`SELECT ${list.join(", ")} FROM ${this.#rows(limit)}`);
    } catch (error) {
      throw readFailure(this.path, error);
    }
  }

  async typeOf(name: string, expression: string): Promise<string> {
    const known = this.columns.map((column) => column.name);
    await checkExpression(this.path, { name, expression }, known);
    try {
      const [{ type }] = await this.#database.describe(`SELECT ${sqlOf(expression)} FROM ${this.#from} AS data`);
      return type;
    } catch (error) {
      throw expressionFailure(this.path, { name, expression }, known, error);
    }
  }

  /** Why reading failed: the sources are read again, one by one, until one shows it. */
  async #failure(sources: readonly Source[], limit: number, error: unknown): Promise<Error> {
    const failure = readFailure(this.path, error);
    if (failure.code !== "BAD_FILE") return failure;
    for (const source of sources) {
      try {
        await this.#database.numbers(`SELECT count(c0)::DOUBLE FROM (${this.#select([source], limit)})`);
      } catch (found) {
        return this.#reason(source, found);
      }
    }
    return failure;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #reason(source: Source, error: unknown): Error {
    if ("expression" in source) return valueFailure(this.path, source, error);
    const { name, length } = this.columns[source.column];
    const message = error instanceof Error ? error.message : "";
    const got = /emix: a list of (\d+)/.exec(message)?.[1];
    if (got === undefined) return readFailure(this.path, error);
    const problem = `expected ${length} numbers in every row of column ${JSON.stringify(name)}, got ${got}; leave it out, or take some of them, as name=${name}[1]`;
    return badFile(this.path, problem, { column: name, expected: length, got: Number(got) }, error);
  }

  /** Sources c0, c1, … as DOUBLE, NaN for NULL. */
  #select(sources: readonly Source[], limit: number): string {
    const values = sources.map((source, index) => `coalesce(${this.#sql(source)}::DOUBLE, 'NaN'::DOUBLE) AS c${index}`);
    return `SELECT ${values.join(", ")} FROM ${this.#rows(limit)}`;
  }

  #rows(limit: number): string {
    return Number.isFinite(limit) ? `(SELECT * FROM ${this.#from} LIMIT ${limit}) AS data` : `${this.#from} AS data`;
  }

  #sql(source: Source): string {
    if ("expression" in source) return sqlOf(source.expression);
    const { name, length } = this.columns[source.column];
    const column = quoteName(name);
    if (source.element === null) return column;
    const element = `${column}[${source.element + 1}]`;
    return `CASE WHEN len(${column}) <> ${length} THEN error('emix: a list of ' || len(${column}))::DOUBLE ELSE ${element} END`;
  }
}

/** Rows looked at for examples and row numbers. */
const SAMPLE = 1000;

async function columnsOf(database: Database, from: string): Promise<Column[]> {
  const described = await database.describe(`SELECT * FROM ${from}`);
  const columns: Column[] = [];
  for (const { name, type } of described) columns.push(await columnOf(database, from, { name, type }));
  return columns;
}

async function columnOf(
  database: Database,
  from: string,
  { name, type }: { name: string; type: string },
): Promise<Column> {
  const plain = { ...PLAIN_COLUMN, name, type, single: type === "FLOAT" || /^FLOAT\[\d*\]$/.test(type) };
  if (isNumeric(type)) {
    const facts = /INT/.test(type) ? rowFacts(name, await sampleOf(database, from, name)) : {};
    return { ...plain, kind: "number", ...notesOf(type), ...facts };
  }
  if (type === "BOOLEAN") return { ...plain, kind: "boolean" };
  const element = /^(.*)\[(\d*)\]$/.exec(type);
  if (element !== null && isNumeric(element[1])) {
    return {
      ...plain,
      kind: "list",
      length: element[2] === "" ? await lengthOf(database, from, name) : Number(element[2]),
    };
  }
  const isDate = /^(DATE|TIME|TIMESTAMP)/.test(type);
  const example = await exampleOf(database, from, name);
  return {
    ...plain,
    kind: isDate ? "date" : type === "VARCHAR" ? "text" : "other",
    example,
    option: isDate ? "`columns` name=epoch(…)" : "",
  };
}

/** What a double may not hold of a type's numbers. */
function notesOf(type: string): Partial<Column> {
  if (/^U?(BIG|HUGE)INT$/.test(type)) return WIDE_INTEGERS;
  const [, width, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (width === undefined || Number(width) <= 15) return {};
  return { note: "numbers of more than 15 digits are rounded", noteFrom: 2 ** 53 / 10 ** Number(scale) };
}

async function sampleOf(database: Database, from: string, name: string): Promise<number[]> {
  const rows = await database.texts(`SELECT ${quoteName(name)}::VARCHAR FROM ${from} LIMIT ${SAMPLE}`);
  return rows.map(([value]) => (value === null ? Number.NaN : Number(value)));
}

async function lengthOf(database: Database, from: string, name: string): Promise<number> {
  const column = quoteName(name);
  const rows = await database.texts(`SELECT len(${column})::VARCHAR FROM ${from} WHERE ${column} IS NOT NULL LIMIT 1`);
  return Number(rows[0]?.[0] ?? 0);
}

async function exampleOf(database: Database, from: string, name: string): Promise<string> {
  const rows = await database.texts(`SELECT left(${quoteName(name)}::VARCHAR, 40) FROM ${from} LIMIT ${SAMPLE}`);
  return rows.find(([value]) => value !== null)?.[0] ?? "";
}

/** Whether DuckDB's type holds real numbers: integers, floats, decimals. */
export function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type);
}
