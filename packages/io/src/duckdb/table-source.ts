import type { Dtype, MissingOption, RowBatch, RowCounts } from "@emix/core";
import { type Chosen, type ChosenColumn, chooseColumns } from "../columns.ts";
import { badExpression, badFile, notNumeric } from "../errors.ts";
import { FilePoints, listOf, type OpenOptions } from "../file-points.ts";
import { openCsv } from "./csv-table.ts";
import { type Database, openDatabase } from "./database.ts";
import { expressionFailure, readFailure, valueFailure } from "./failures.ts";
import { quoteName } from "./sql.ts";
import { isNumeric, openParquet, type Table } from "./table.ts";

/** A CSV file as a source of points. @throws as `openTable` */
export function openCsvFile(path: string, options: OpenOptions): Promise<FilePoints> {
  return openTable(path, options, (database) => openCsv(database, path, options.header));
}

/** A Parquet file as a source of points. @throws as `openTable` */
export function openParquetFile(path: string, options: OpenOptions): Promise<FilePoints> {
  return openTable(path, options, (database) => openParquet(database, path));
}

/** @throws BAD_FILE, EMPTY_DATA, UNKNOWN_COLUMN, INVALID_OPTION, ALLOCATION_FAILED */
async function openTable(
  path: string,
  options: OpenOptions,
  open: (database: Database) => Promise<Table>,
): Promise<FilePoints> {
  const database = await openDatabase(path);
  try {
    const table = await open(database);
    const known = table.columns.map(({ name }) => name);
    const numeric = table.columns.filter(({ type }) => isNumeric(type)).map(({ name }) => name);
    const chosen = chooseColumns(path, options, known, numeric);
    const stored = await checkChosen(database, path, table, listOf(chosen));
    const limit = Number.isFinite(options.limit) ? ` LIMIT ${options.limit}` : "";
    const rows = `FROM ${fromFor(table, listOf(chosen))}${limit}`;
    return new TableSource({ path, chosen, dtype: options.dtype ?? stored }, database, rows);
  } catch (error) {
    await database.close();
    throw readFailure(path, error);
  }
}

function fromFor(table: Table, columns: readonly ChosenColumn[]): string {
  return table.from(columns.filter(({ expression }) => expression === null).map(({ name }) => name));
}

/** The expression on a line of its own, so that a comment at its end ends there. */
function sqlOf({ name, expression }: ChosenColumn): string {
  return expression === null ? quoteName(name) : `(${expression}\n)`;
}

/** Whether all chosen columns are numbers, one a row. out: f32 where all are stored so */
async function checkChosen(
  database: Database,
  path: string,
  table: Table,
  columns: readonly ChosenColumn[],
): Promise<Dtype> {
  const from = fromFor(table, columns);
  for (const column of columns) {
    if (column.expression !== null) await checkExpression(database, path, table, column, from);
  }
  const types = await database.describe(`SELECT ${columns.map(sqlOf).join(", ")} FROM ${from}`);
  for (const [index, { type }] of types.entries()) {
    if (!isNumeric(type)) throw notNumeric(path, columns[index].name, type);
  }
  return types.every(({ type }) => type === "FLOAT") ? "f32" : "f64";
}

async function checkExpression(
  database: Database,
  path: string,
  table: Table,
  column: ChosenColumn,
  from: string,
): Promise<void> {
  const select = `SELECT ${sqlOf(column)}, * FROM ${from}`;
  try {
    if ((await database.statementCount(select)) !== 1) throw new Error("it is more than one statement");
    await database.describe(select);
  } catch (error) {
    const known = table.columns.map(({ name }) => name);
    throw expressionFailure(path, column, known, error);
  }
}

interface OpenTable {
  readonly path: string;
  readonly chosen: Chosen;
  readonly dtype: Dtype;
}

class TableSource extends FilePoints {
  readonly #database: Database;
  /** FROM … LIMIT … */
  readonly #rows: string;

  constructor({ path, chosen, dtype }: OpenTable, database: Database, rows: string) {
    super(path, chosen, dtype);
    this.#database = database;
    this.#rows = rows;
  }

  async count(missing: MissingOption): Promise<RowCounts> {
    const finite = this.chosen.map((_, column) => `isfinite(c${column})`).join(" AND ");
    const complete = `(count(*) FILTER (WHERE ${finite}))::DOUBLE`;
    try {
      if (missing === "drop") {
        const [rows, kept] = await this.#database.numbers(
          `SELECT count(*)::DOUBLE, ${complete} FROM (${this.#select()})`,
        );
        return { rows, complete: kept };
      }
      const [rows] = await this.#database.numbers(`SELECT count(*)::DOUBLE FROM (SELECT 1 ${this.#rows})`);
      return { rows, complete: null };
    } catch (error) {
      throw await this.#failure(error);
    }
  }

  async *batches(rows: number): AsyncGenerator<RowBatch> {
    let seen = 0;
    try {
      for await (const batch of this.#database.batches(this.#select())) {
        seen += batch.rowCount;
        if (seen > rows) break;
        yield batch;
      }
    } catch (error) {
      throw await this.#failure(error);
    }
    if (seen !== rows) throw await this.#failure(null);
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** Chosen columns c0, c1, … as DOUBLE, NaN for NULL. */
  #select(columns: readonly ChosenColumn[] = this.chosen): string {
    const values = columns.map((column, index) => `coalesce(${sqlOf(column)}::DOUBLE, 'NaN'::DOUBLE) AS c${index}`);
    return `SELECT ${values.join(", ")} ${this.#rows}`;
  }

  /** Why reading failed or came to an early end: the columns are read again, one by one, until one shows it. */
  async #failure(error: unknown): Promise<Error> {
    for (const column of this.chosen) {
      try {
        await this.#database.numbers(`SELECT count(c0)::DOUBLE FROM (${this.#select([column])})`);
      } catch (found) {
        return valueFailure(this.path, column, found);
      }
    }
    if (error !== null) return readFailure(this.path, error);
    const derived = this.chosen.find(({ expression }) => expression !== null);
    if (derived !== undefined) {
      return badExpression(
        `${derived.name}=${derived.expression}`,
        "the expressions do not give one value for each row",
      );
    }
    return badFile(this.path, "its rows changed while it was being read; read it again when nobody writes it");
  }
}
