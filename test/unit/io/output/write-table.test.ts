import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cell, OutputBatch, OutputTable } from "../../../../packages/io/src/output/output-table.ts";
import { type TableFormat, tableFormatOf, writeTable } from "../../../../packages/io/src/output/write-table.ts";
import { law } from "../../../support/laws.ts";

const folder = mkdtempSync(join(tmpdir(), "emix-output-"));
let database: DuckDBConnection;
beforeAll(async () => {
  database = await (await DuckDBInstance.create(":memory:")).connect();
});
afterAll(() => rmSync(folder, { recursive: true }));

type Row = readonly [number | null, number | null, boolean | null, string | null];

const TYPES = ["integer", "number", "boolean", "text"] as const;
const NAMES = ["an integer", 'a "number"', "a,b", "text"];

/** The rows in batches of this many. */
function tableOf(rows: readonly Row[], atOnce: number): OutputTable {
  async function* batches(): AsyncGenerator<OutputBatch> {
    for (let first = 0; first < rows.length; first += atOnce) {
      const some = rows.slice(first, first + atOnce);
      yield { rowCount: some.length, columns: TYPES.map((_, j) => some.map((row): Cell => row[j])) };
    }
  }
  return { columns: TYPES.map((type, j) => ({ name: NAMES[j], type })), batches: batches() };
}

const READERS: Readonly<Record<TableFormat, (path: string) => Promise<unknown[][]>>> = {
  csv: (path) =>
    selected(
      `read_csv('${path}', header = true, quote = '"', escape = '"', delim = ',', new_line = '\\n', columns = ${columnTypes()})`,
    ),
  ndjson: (path) => selected(`read_json('${path}', format = 'newline_delimited', columns = ${columnTypes()})`),
  parquet: (path) => selected(`'${path}'`),
  async arrow(path) {
    const rows = tableFromIPC(readFileSync(path)).toArray();
    return rows.map((row) => NAMES.map((name) => row[name]));
  },
};

function columnTypes(): string {
  const types = { integer: "BIGINT", number: "DOUBLE", boolean: "BOOLEAN", text: "VARCHAR" };
  return `{${NAMES.map((name, j) => `'${name}': '${types[TYPES[j]]}'`).join(", ")}}`;
}

async function selected(from: string): Promise<unknown[][]> {
  return (await database.runAndReadAll(`FROM ${from}`)).getRows();
}

/** A format without a difference between no text and an empty one has the latter. */
function normal(row: readonly unknown[], format: TableFormat): unknown[] {
  const [integer, number, boolean, text] = row;
  return [integer === null ? null : Number(integer), number, boolean, format === "csv" ? (text ?? "") : text];
}

// DuckDB's CSV reader cannot be told to take NUL and lone carriage returns as they are.
const text = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .map((value) => value.replace(/[\0\r]/g, "") + (value.length % 3 === 0 ? '",\n' : ""));
const row = fc.tuple(
  fc.option(fc.integer({ min: -(2 ** 53), max: 2 ** 53 })),
  fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  fc.option(fc.boolean()),
  fc.option(text),
);

describe.each<TableFormat>(["csv", "ndjson", "parquet", "arrow"])("%s", (format) => {
  law(
    "rows come back as they were written, bit for bit",
    fc.tuple(fc.array(row, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 17 })),
    20,
    async ([rows, atOnce]) => {
      const path = join(folder, `law.${format}`);
      await writeTable(path, format, tableOf(rows, atOnce));
      const found = await READERS[format](path);
      expect(found.map((each) => normal(each, format))).toEqual(rows.map((each) => normal(each, format)));
    },
  );

  test("no rows are a table of none", async () => {
    const path = join(folder, `none.${format}`);
    await writeTable(path, format, tableOf([], 1));
    expect(await READERS[format](path)).toEqual([]);
  });

  test("an error on the way is passed on", async () => {
    async function* batches(): AsyncGenerator<OutputBatch> {
      yield { rowCount: 1, columns: [[1]] };
      throw new Error("no more");
    }
    const table: OutputTable = { columns: [{ name: "a", type: "integer" }], batches: batches() };
    await expect(writeTable(join(folder, `bad.${format}`), format, table)).rejects.toThrow("no more");
  });
});

test.each([
  ["a.CSV", "csv"],
  ["b.jsonl", "ndjson"],
  ["c.parquet", "parquet"],
  ["d.feather", "arrow"],
])("%s is written as %s", (path, format) => {
  expect(tableFormatOf(path)).toBe(format);
});

test.each(["a", "a.xlsx", "a.csv.gz"])("%s is refused", (path) => {
  expect(() => tableFormatOf(path)).toThrow(expect.objectContaining({ code: "UNKNOWN_FORMAT" }));
});
