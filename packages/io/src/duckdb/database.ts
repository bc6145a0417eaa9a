import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBType } from "@duckdb/node-api";
import { EmixError, type RowBatch } from "@emix/core";
import { ahead } from "../input/ahead.ts";
import type { SqlType, TextBatch, ValueBatch } from "../table.ts";
import { globLiteral, quoteText } from "./sql.ts";

export interface TableColumn {
  readonly name: string;
  /** As DuckDB writes it. */
  readonly type: string;
}

/** Above what DuckDB takes to stream wide files; far below what a table would take. */
const MEMORY_BYTES = 512_000_000;

/** What a database on disk may take of memory. */
const WRITING_BYTES = 192_000_000;

/** One JavaScript thread takes the rows: more than this many threads to feed it only take memory. */
const MOST_THREADS = 4;

export interface DatabaseOptions {
  /** bytes that DuckDB may take */
  readonly memoryLimit?: number | undefined;
  /** Default: those of the machine, four at most. */
  readonly threads?: number | undefined;
  /** stops what runs */
  readonly signal?: AbortSignal | undefined;
}

/** What emix needs of DuckDB; the only file that speaks to it. Its own errors pass through as they are. */
export class Database {
  readonly memoryLimit: number;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #signal: AbortSignal | undefined;
  readonly #interrupt: () => void;
  #closed = false;

  /**
   * DuckDB over some files, which are all it can reach: no other file, no network, no extension, whatever SQL says. It is
   * loaded at the first use, so that formats that do not need it do without.
   */
  static async open(paths: readonly string[], options: DatabaseOptions = {}): Promise<Database> {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const memoryLimit = options.memoryLimit ?? MEMORY_BYTES;
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${Math.ceil(memoryLimit / 1000)}KB`,
      temp_directory: "",
      threads: String(options.threads ?? Math.min(MOST_THREADS, availableParallelism())),
      enable_external_file_cache: "false",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    const allowed = paths
      .map((path) => resolve(path))
      .flatMap((path) => [quoteText(path), quoteText(globLiteral(path))]);
    if (allowed.length > 0) await connection.run(`SET allowed_paths = [${allowed.join(", ")}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET preserve_insertion_order = true");
    return new Database(instance, connection, memoryLimit, options.signal);
  }

  /** An empty database in a file, for tables larger than memory; it runs no SQL but ours, and may write files. */
  static async create(path: string, folder: string): Promise<Database> {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(path, {
      memory_limit: `${WRITING_BYTES / 1000}KB`,
      temp_directory: folder,
      threads: String(Math.min(MOST_THREADS, availableParallelism())),
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    return new Database(instance, await instance.connect(), WRITING_BYTES);
  }

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    memoryLimit: number,
    signal?: AbortSignal,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.memoryLimit = memoryLimit;
    this.#signal = signal;
    this.#interrupt = () => connection.interrupt();
    signal?.addEventListener("abort", this.#interrupt);
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** Nothing of what SQL does may change what it can reach from here on. */
  async lock(): Promise<void> {
    await this.#connection.run("SET lock_configuration = true");
  }

  async statementCount(sql: string): Promise<number> {
    return (await this.#connection.extractStatements(sql)).count;
  }

  /** The columns that a SELECT would give. */
  async describe(select: string): Promise<TableColumn[]> {
    const result = await this.#connection.run(`SELECT * FROM (${select}) LIMIT 0`);
    const types = result.columnTypes();
    return result.columnNames().map((name, column) => ({ name, type: String(types[column]) }));
  }

  /** The only row of a SELECT of DOUBLEs. */
  async numbers(select: string): Promise<number[]> {
    const [row] = await (await this.#connection.run(select)).getRows();
    return row.map(Number);
  }

  /** The rows of a small SELECT of texts. */
  async texts(select: string): Promise<(string | null)[][]> {
    const rows = await (await this.#connection.run(select)).getRows();
    return rows.map((row) => row.map((value) => (value === null ? null : String(value))));
  }

  /** The results of a small SELECT of DOUBLEs, column by column. */
  async columns(select: string, width: number, rows: number): Promise<Float64Array[]> {
    const columns = Array.from({ length: width }, () => new Float64Array(rows));
    let row = 0;
    for await (const { chunk } of this.#chunks(select)) {
      for (const [index, column] of columns.entries()) {
        column.set(doubles(chunk, index).subarray(0, Math.min(chunk.rowCount, rows - row)), row);
      }
      row += chunk.rowCount;
    }
    if (row !== rows) throw new EmixError("INTERNAL", `DuckDB gave ${row} rows for ${rows}.`, { row, rows });
    return columns;
  }

  /**
   * The rows of a SELECT of DOUBLEs without NULLs, in order, a few thousand at a time. A failure in mid-stream may
   * look like the end (seen with @duckdb/node-api 1.5.6): the caller must count.
   */
  async *batches(select: string): AsyncGenerator<RowBatch> {
    for await (const { chunk, width } of this.#chunks(select)) {
      const columns = Array.from({ length: width }, (_, j) => ({ values: doubles(chunk, j), offset: 0, stride: 1 }));
      yield { rowCount: chunk.rowCount, columns };
    }
  }

  /**
   * The rows of a SELECT of VARCHARs, in order, while `batches` may give others: a connection has one stream at a time,
   * so this one has its own. As with `batches`, the caller must count.
   */
  async *textBatches(select: string): AsyncGenerator<TextBatch> {
    const connection = await this.#instance.connect();
    const interrupt = () => connection.interrupt();
    this.#signal?.addEventListener("abort", interrupt);
    try {
      for await (const { chunk, width } of this.#chunks(select, connection)) {
        const columns = Array.from({ length: width }, (_, j) => chunk.getColumnValues(j) as (string | null)[]);
        yield { rowCount: chunk.rowCount, columns };
      }
    } finally {
      this.#signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
    }
  }

  /** Adds rows to a table of columns of these types. */
  async append(table: string, types: readonly SqlType[], { rowCount, columns }: ValueBatch): Promise<void> {
    const api = await import("@duckdb/node-api");
    const known: Readonly<Record<SqlType, DuckDBType>> = {
      DOUBLE: api.DOUBLE,
      BOOLEAN: api.BOOLEAN,
      VARCHAR: api.VARCHAR,
      "DOUBLE[]": api.LIST(api.DOUBLE),
    };
    const appender = await this.#connection.createAppender(table);
    for (let first = 0; first < rowCount; first += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rowCount - first);
      const chunk = api.DuckDBDataChunk.create(
        types.map((type) => known[type]),
        count,
      );
      for (const [index, column] of columns.entries()) {
        const values = column.slice(first, first + count);
        chunk.setColumnValues(
          index,
          types[index] === "DOUBLE[]"
            ? values.map((list) => (list === null ? null : api.listValue(list as number[])))
            : (values as (number | string | boolean | null)[]),
        );
      }
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  async *#chunks(
    select: string,
    connection: DuckDBConnection = this.#connection,
  ): AsyncGenerator<{ chunk: DuckDBDataChunk; width: number }> {
    const result = await connection.stream(select);
    const width = result.columnCount;
    const chunks = ahead(async () => {
      const chunk = await result.fetchChunk();
      return chunk === null || chunk.rowCount === 0 ? null : chunk;
    });
    for await (const chunk of chunks) yield { chunk, width };
  }

  /** Ends DuckDB's threads now; without the first line they live on until results are garbage-collected (measured). */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#signal?.removeEventListener("abort", this.#interrupt);
    await this.#connection.run("SET threads = 1").catch(() => {});
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** Rows that a chunk of DuckDB takes. */
const CHUNK_ROWS = 2048;

/** A column's numbers as they lie in memory; the typed way to them is a call for each. */
function doubles(chunk: DuckDBDataChunk, column: number): Float64Array {
  const vector: unknown = chunk.getColumnVector(column);
  const { items } = vector as { readonly items: unknown };
  if (items instanceof Float64Array) return items;
  throw new EmixError("INTERNAL", "DuckDB gave a column in an unknown form; expected a Float64Array.");
}
