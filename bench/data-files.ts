import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { randomStream } from "../packages/core/src/random.ts";

/** Doubles drawn by DuckDB, uncompressed, so that the size of the file is that of the points. */
export async function writeParquet(path: string, rows: number, features: number): Promise<string> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const columns = Array.from({ length: features }, (_, column) => `random() * 10 AS c${column}`).join(", ");
  await connection.run(
    `COPY (SELECT ${columns} FROM range(${rows})) TO '${path}' (FORMAT parquet, COMPRESSION uncompressed)`,
  );
  connection.closeSync();
  instance.closeSync();
  return path;
}

/** All digits of every double. */
export async function writeCsv(path: string, rows: number, features: number): Promise<string> {
  const next = uniform();
  const names = Array.from({ length: features }, (_, column) => `c${column}`).join(",");
  return write(path, [`${names}\n`], rows, (count) => {
    const line = () => Array.from({ length: features }, () => next() * 20 - 10).join(",");
    return `${Array.from({ length: count }, line).join("\n")}\n`;
  });
}

export async function writeNpyFile(path: string, rows: number, features: number): Promise<string> {
  const next = uniform();
  const header = Buffer.alloc(128, " ");
  header.write("\x93NUMPY\x01\x00v\x00", "latin1");
  header.write(`{'descr': '<f8', 'fortran_order': False, 'shape': (${rows}, ${features}), }`, 10);
  header[127] = 10;
  return write(path, [header], rows, (count) =>
    Buffer.from(Float64Array.from({ length: count * features }, next).buffer),
  );
}

const ROWS_AT_ONCE = 10_000;

async function write(
  path: string,
  start: readonly (string | Buffer)[],
  rows: number,
  part: (count: number) => string | Buffer,
): Promise<string> {
  const out = createWriteStream(path);
  for (const bytes of start) out.write(bytes);
  for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
    if (!out.write(part(Math.min(ROWS_AT_ONCE, rows - row))))
      await new Promise((resolve) => out.once("drain", resolve));
  }
  out.end();
  await finished(out);
  return path;
}

function uniform(): () => number {
  const random = randomStream(1, "bench-io");
  return () => random.uniform();
}
