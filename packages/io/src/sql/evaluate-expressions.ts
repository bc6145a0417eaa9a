import type { NumberColumn, RowBatch } from "@emix/core";
import { Database } from "../duckdb/database.ts";
import { expressionFailure, valueFailure } from "../duckdb/failures.ts";
import { quoteName } from "../duckdb/sql.ts";
import type { Column, Source, SqlType, Value, ValueBatch, ValueTable } from "../table.ts";
import { castOfDate, isCast } from "./dates.ts";
import { checkExpression, type Expression, sqlOf } from "./expressions.ts";

/** The type of what an expression over a table's columns gives. @throws INVALID_OPTION, UNKNOWN_COLUMN */
export async function typeOfExpression(table: ValueTable, name: string, expression: string): Promise<string> {
  const used = await columnsUsed(table, { name, expression });
  const database = await Database.open([]);
  try {
    await database.run(createTable(used.map((column) => table.columns[column])));
    const [{ type }] = await database.describe(`SELECT ${sqlOf(expression)} FROM ${view(table, used)}`);
    return type;
  } catch (error) {
    throw expressionFailure(
      table.path,
      { name, expression },
      table.columns.map((column) => column.name),
      error,
    );
  } finally {
    await database.close();
  }
}

/** Sources of which some are expressions, row by row: SQL works on some thousand rows at a time. */
export async function* evaluateExpressions(
  table: ValueTable,
  sources: readonly Source[],
  limit: number,
  stop: () => void,
): AsyncGenerator<RowBatch> {
  const expressions = sources.flatMap((source) => ("expression" in source ? [source] : []));
  const used = new Set<number>(sources.flatMap((source) => ("column" in source ? [source.column] : [])));
  for (const each of expressions) for (const column of await columnsUsed(table, each)) used.add(column);
  if (used.size === 0) used.add(0);
  const columns = [...used];
  const database = await Database.open([]);
  try {
    const create = createTable(columns.map((column) => table.columns[column]));
    const from = view(table, columns);
    for await (const batch of table.values(columns, limit)) {
      stop();
      if (batch.rowCount === 0) continue;
      const results = await evaluate(database, { create, from, table, columns, expressions }, batch);
      yield { rowCount: batch.rowCount, columns: columnsIn(batch, sources, columns, results) };
    }
  } finally {
    await database.close();
  }
}

interface Work {
  readonly create: string;
  readonly from: string;
  readonly table: ValueTable;
  readonly columns: readonly number[];
  readonly expressions: readonly Expression[];
}

async function evaluate(database: Database, work: Work, batch: ValueBatch): Promise<Float64Array[]> {
  await database.run(work.create);
  await database.append(
    "batch",
    work.columns.map((column) => typeIn(work.table.columns[column])),
    batch,
  );
  const { expressions, from, table } = work;
  try {
    return await database.columns(selectOf(expressions, from), expressions.length, batch.rowCount);
  } catch (error) {
    for (const each of expressions) {
      await database.columns(selectOf([each], from), 1, batch.rowCount).catch((found: Error) => {
        throw valueFailure(table.path, each, found);
      });
    }
    throw valueFailure(table.path, expressions[0], error);
  }
}

function columnsIn(
  batch: ValueBatch,
  sources: readonly Source[],
  columns: readonly number[],
  results: readonly Float64Array[],
): NumberColumn[] {
  let next = 0;
  return sources.map((source) => {
    if ("expression" in source) return { values: results[next++], offset: 0, stride: 1 };
    const cells = batch.columns[columns.indexOf(source.column)];
    const values = Float64Array.from(cells, (cell) => numberOf(cell, source.element ?? 0));
    return { values, offset: 0, stride: 1 };
  });
}

function numberOf(value: Value, element: number): number {
  if (value === null || typeof value === "string") return Number.NaN;
  return typeof value === "object" ? (value[element] ?? Number.NaN) : Number(value);
}

async function columnsUsed(table: ValueTable, given: Expression): Promise<number[]> {
  const known = table.columns.map((column) => column.name);
  const used = await checkExpression(table.path, given, known);
  return used.map((each) => known.indexOf(each));
}

function createTable(columns: readonly Column[]): string {
  const list = columns.map((column, index) => `v${index} ${typeIn(column)}`);
  return `CREATE OR REPLACE TABLE batch (${list.length > 0 ? list.join(", ") : "v0 DOUBLE"})`;
}

/** The batch under the columns' own names. */
function view(table: ValueTable, columns: readonly number[]): string {
  const list = columns.map(
    (column, index) => `${castOf(table.columns[column], `v${index}`)} AS ${quoteName(table.columns[column].name)}`,
  );
  return `(SELECT ${list.length > 0 ? list.join(", ") : "v0"} FROM batch) AS data`;
}

export function castOf(column: Column, value: string): string {
  return column.kind === "date" && isCast(column.example) ? castOfDate(value) : value;
}

export function typeIn({ kind }: Column): SqlType {
  if (kind === "number") return "DOUBLE";
  if (kind === "boolean") return "BOOLEAN";
  return kind === "list" ? "DOUBLE[]" : "VARCHAR";
}

function selectOf(expressions: readonly Expression[], from: string): string {
  const list = expressions.map(
    ({ expression }, index) => `coalesce(${sqlOf(expression)}::DOUBLE, 'NaN'::DOUBLE) AS c${index}`,
  );
  return `SELECT ${list.join(", ")} FROM ${from}`;
}
