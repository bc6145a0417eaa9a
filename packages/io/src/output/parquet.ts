import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "../duckdb/database.ts";
import { quoteName, quoteText } from "../duckdb/sql.ts";
import type { SqlType } from "../table.ts";
import type { OutputTable, OutputType } from "./output-table.ts";

/** Writes a Parquet file. Rows wait in a temporary database on disk, so memory does not grow with them. */
export async function writeParquet(path: string, { columns, batches }: OutputTable): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "emix-"));
  try {
    const database = await Database.create(join(folder, "rows.duckdb"), folder);
    try {
      const types = columns.map(({ type }) => HELD[type]);
      await database.run(`CREATE TABLE rows (${types.map((type, index) => `c${index} ${type}`).join(", ")})`);
      for await (const batch of batches) await database.append("rows", types, batch);
      const list = columns.map(({ name, type }, index) => `c${index}::${WRITTEN[type]} AS ${quoteName(name)}`);
      const select = `SELECT ${list.join(", ")} FROM rows`;
      await database.run(`COPY (${select}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`);
    } finally {
      await database.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const HELD: Readonly<Record<OutputType, SqlType>> = {
  integer: "DOUBLE",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  text: "VARCHAR",
};

const WRITTEN: Readonly<Record<OutputType, string>> = {
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  text: "VARCHAR",
};
