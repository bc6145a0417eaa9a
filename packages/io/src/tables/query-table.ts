import { Database } from "../duckdb/database.ts";
import { openDuckTable, parquetSql } from "../duckdb/duck-table.ts";
import { readFailure } from "../duckdb/failures.ts";
import { quoteName } from "../duckdb/sql.ts";
import { badQuery, sqlRefused } from "../errors.ts";
import type { Given, InputFile } from "../input/input.ts";
import { castOf, typeIn } from "../sql/evaluate-expressions.ts";
import { alikeInSql } from "../sql/expressions.ts";
import { parseQuery } from "../sql/parser.ts";
import type { Table, ValueTable } from "../table.ts";

/**
 * The result of the caller's query over a table, if there is one; else the table itself. It can reach the table and
 * nothing else. A file that is no Parquet is held in the database's memory meanwhile.
 * @throws INVALID_OPTION, BAD_FILE, ALLOCATION_FAILED
 */
export async function queryTable(
  table: Table,
  files: readonly InputFile[],
  given: Given,
  stop: () => void,
): Promise<Table> {
  const { query, sql = true, memoryLimit, signal } = given;
  if (query === undefined) return table;
  if (!sql) throw sqlRefused(query);
  const problem = await parseQuery(query);
  if (problem !== null) throw badQuery(table.path, problem);
  const isParquet = table.format === "parquet";
  const database = await Database.open(isParquet ? files.map(({ path }) => path) : [], { memoryLimit, signal });
  try {
    if (isParquet) await database.run(`CREATE VIEW data AS SELECT * FROM ${parquetSql(files.map(({ path }) => path))}`);
    else await fill(database, table as ValueTable, stop);
    await database.describe(query).catch((error: Error) => {
      throw badQuery(table.path, `DuckDB says: ${error.message.split("\n")[0]}`, error);
    });
  } catch (error) {
    await database.close();
    throw readFailure(table.path, error);
  }
  await table.close();
  return openDuckTable({ path: table.path, format: `${table.format}, queried`, from: `(${query}\n)` }, database);
}

async function fill(database: Database, table: ValueTable, stop: () => void): Promise<void> {
  const { columns } = table;
  for (const alike of Map.groupBy(columns, ({ name }) => name.toLowerCase()).values()) {
    if (alike.length > 1) throw badQuery(table.path, alikeInSql(alike.map(({ name }) => name)));
  }
  const list = columns.map((column, index) => `v${index} ${typeIn(column)}`);
  await database.run(`CREATE TABLE batch (${list.join(", ")})`);
  for await (const batch of table.values(
    columns.map((_, index) => index),
    Number.POSITIVE_INFINITY,
  )) {
    stop();
    if (batch.rowCount > 0) await database.append("batch", columns.map(typeIn), batch);
  }
  const named = columns.map((column, index) => `${castOf(column, `v${index}`)} AS ${quoteName(column.name)}`);
  await database.run(`CREATE VIEW data AS SELECT ${named.join(", ")} FROM batch`);
}
