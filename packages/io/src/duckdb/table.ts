import { resolve } from "node:path";
import type { Database, TableColumn } from "./database.ts";
import { globLiteral, quoteText } from "./sql.ts";

/** A file as DuckDB sees it. */
export interface Table {
  readonly columns: readonly TableColumn[];
  /** What to SELECT from, where these columns are wanted as numbers. */
  from(numbers: readonly string[]): string;
}

export async function openParquet(database: Database, path: string): Promise<Table> {
  const from = `read_parquet(${quoteText(globLiteral(resolve(path)))}, hive_partitioning = false)`;
  return { columns: await database.describe(`SELECT * FROM ${from}`), from: () => from };
}

/** Whether DuckDB's type holds real numbers: integers, floats, decimals. */
export function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type);
}
