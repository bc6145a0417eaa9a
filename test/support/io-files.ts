import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { EmixError, type MissingOption, rowsGiven, streamTiles, type Tiles, type TilesInMemory } from "@emix/core";
import { type FileOptions, openFile, type Reading } from "@emix/io";
import { afterAll, beforeAll, expect } from "vitest";
import { readPoint } from "../../packages/core/src/points/tiles.ts";

/** A folder that lives as long as the tests of a file. out: writes a file into it and gives its path */
export function temporaryFolder(): { write: (name: string, content: string | Uint8Array) => Promise<string> } {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "emix-io-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    async write(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
  };
}

/** Has DuckDB write what a SELECT gives to a Parquet file. */
export async function copyToParquet(select: string, path: string, options = ""): Promise<string> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet${options})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return path;
}

export interface ReadFile {
  readonly tiles: TilesInMemory;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly dropped: number;
  readonly reading: Reading;
}

/** A file in tiles, as an engine loads it. */
export async function readPoints(path: string | readonly string[], options: FileOptions = {}): Promise<ReadFile> {
  const file = await openFile(path, options);
  try {
    const missing: MissingOption | undefined = options.missing;
    const tiles = await streamTiles(file, { missing, allocate: (bytes) => new SharedArrayBuffer(bytes) });
    const rows = rowsGiven(tiles);
    const dropped = rows - tiles.count;
    return { tiles, columns: file.columns, rows, dropped, reading: file.reading(rows, dropped) };
  } finally {
    await file.close();
  }
}

/** The points that tiles hold, row by row. */
export function rowsOf(tiles: Tiles): number[][] {
  return Array.from({ length: tiles.count }, (_, row) => [...readPoint(tiles, row, new Float64Array(tiles.features))]);
}

export function weightsOf(tiles: Tiles): number[] {
  return [...(tiles.pointWeights ?? [])].slice(0, tiles.count);
}

/** The EmixError that a promise is rejected with, of one line. */
export async function failureOf(promise: Promise<unknown>): Promise<EmixError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EmixError)) throw new Error(`expected an EmixError, got ${String(error)}`, { cause: error });
  expect(error.message).not.toContain("\n");
  return error;
}

export interface NpyContent {
  readonly descr: string;
  readonly shape: string;
  readonly data: Uint8Array;
  readonly columnMajor?: boolean;
  readonly version?: 1 | 2 | 3;
}

/** The bytes of an .npy file, as NumPy writes them. */
export function npyBytes({ descr, shape, data, columnMajor = false, version = 1 }: NpyContent): Uint8Array {
  const dict = `{'descr': '${descr}', 'fortran_order': ${columnMajor ? "True" : "False"}, 'shape': ${shape}, }`;
  const lengthBytes = version === 1 ? 2 : 4;
  const padded = Math.ceil((8 + lengthBytes + dict.length + 1) / 64) * 64;
  const header = Buffer.alloc(padded, " ");
  header.write("\x93NUMPY", "latin1");
  header[6] = version;
  header[7] = 0;
  header.writeUIntLE(padded - 8 - lengthBytes, 8, lengthBytes);
  header.write(dict, 8 + lengthBytes, "latin1");
  header[padded - 1] = 10;
  return Buffer.concat([header, data]);
}
