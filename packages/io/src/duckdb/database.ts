import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";
import { EmixError, type RowBatch } from "@emix/core";
import { globLiteral, quoteText } from "./sql.ts";

export interface TableColumn {
  readonly name: string;
  /** As DuckDB writes it. */
  readonly type: string;
}

/** Above what DuckDB takes to stream wide files; far below what a table would take. */
export const MEMORY_LIMIT = "512MB";

/** One JavaScript thread takes the rows: more than this many threads to feed it only take memory. */
const MOST_THREADS = 4;

/**
 * DuckDB over one file, which is all it can reach: no other file, no network, no extension, whatever SQL says.
 * It is loaded at the first use, so that .npy files do without it.
 */
export async function openDatabase(path: string): Promise<Database> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: MEMORY_LIMIT,
    temp_directory: "",
    threads: String(Math.min(MOST_THREADS, availableParallelism())),
    enable_external_file_cache: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  const absolute = resolve(path);
  await connection.run(`SET allowed_paths = [${quoteText(absolute)}, ${quoteText(globLiteral(absolute))}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET preserve_insertion_order = true");
  return new Database(instance, connection);
}

/** What emix needs of DuckDB; the only file that speaks to it. Its own errors pass through as they are. */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  async statementCount(sql: string): Promise<number> {
    return (await this.#connection.extractStatements(sql)).count;
  }

  /** The columns that a SELECT would give. */
  async describe(select: string): Promise<TableColumn[]> {
    const result = await this.#connection.run(`${select} LIMIT 0`);
    const types = result.columnTypes();
    return result.columnNames().map((name, column) => ({ name, type: String(types[column]) }));
  }

  /** The only row of a SELECT of DOUBLEs. */
  async numbers(select: string): Promise<number[]> {
    const [row] = await (await this.#connection.run(select)).getRows();
    return row.map(Number);
  }

  /**
   * The rows of a SELECT of DOUBLEs without NULLs, in order, a few thousand at a time. A failure in mid-stream may
   * look like the end (seen with @duckdb/node-api 1.5.6): the caller must count.
   */
  async *batches(select: string): AsyncGenerator<RowBatch> {
    const result = await this.#connection.stream(select);
    const width = result.columnCount;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      const columns = Array.from({ length: width }, (_, column) => doubles(chunk, column));
      yield { rowCount: chunk.rowCount, value: (row, column) => columns[column][row] };
    }
  }

  /** Ends DuckDB's threads now; without the first line they live on until results are garbage-collected (measured). */
  async close(): Promise<void> {
    await this.#connection.run("SET threads = 1");
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A column's numbers as they lie in memory; the typed way to them is a call for each. */
function doubles(chunk: DuckDBDataChunk, column: number): Float64Array {
  const vector: unknown = chunk.getColumnVector(column);
  const { items } = vector as { readonly items: unknown };
  if (items instanceof Float64Array) return items;
  throw new EmixError("INTERNAL", "DuckDB gave a column in an unknown form; expected a Float64Array.");
}
