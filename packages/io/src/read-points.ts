import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type Allocate,
  type Dtype,
  invalidOption,
  onlyKnown,
  requireInteger,
  requireOneOf,
  type Tiles,
} from "@emix/core";
import { openTable } from "./duckdb/table-source.ts";
import { badFile, fileNotFound, noRows } from "./errors.ts";
import { fillTiles } from "./fill-tiles.ts";
import { FILE_FORMATS, type FileFormat, formatOf } from "./format.ts";
import { openNpy } from "./npy/npy-source.ts";
import { MISSING_POLICIES, type MissingPolicy, type OpenOptions, type PointSource } from "./point-source.ts";

export interface ReadPointsOptions {
  /** Default: by the file's extension (.csv, .tsv, .parquet, .npy). */
  readonly format?: FileFormat;
  /**
   * The features, in order: a column's name, or `name=SQL`, an expression of DuckDB over the file's columns such as
   * `hour=hour("date")` (CSV and Parquet). Columns of an .npy file are x0, x1, … Default: every column of numbers.
   */
  readonly columns?: readonly string[];
  /** The points' weights: a column as above. Default: every point weighs 1. */
  readonly weightColumn?: string;
  /** What a row without a finite number in every chosen column means. Default "error". */
  readonly missing?: MissingPolicy;
  /** How points are stored. Default: f32 where all chosen columns of the file are, else f64. */
  readonly dtype?: Dtype;
  /** Where points are stored. Default: shared memory. */
  readonly allocate?: Allocate;
  /** Reads only the first so many rows. */
  readonly limit?: number;
  /** Whether a CSV file's first line names its columns. Default: seen from the file. */
  readonly header?: boolean;
  readonly onProgress?: (rowsRead: number, rowsTotal: number) => void;
}

export interface LoadedPoints {
  readonly tiles: Tiles;
  /** The features' names, d. */
  readonly columns: readonly string[];
  /** Rows read, the dropped ones included. */
  readonly rows: number;
  /** Rows left out because of a missing value. */
  readonly dropped: number;
}

const OPTIONS = "format columns weightColumn missing dtype allocate limit header onProgress".split(" ");
const sharedMemory: Allocate = (bytes) => new SharedArrayBuffer(bytes);

/**
 * A file → tiles, in two passes, with no copy of the points but the tiles themselves. Files, memory and threads used
 * for reading are given up before it returns.
 * @throws FILE_NOT_FOUND, UNKNOWN_FORMAT, BAD_FILE, EMPTY_DATA, UNKNOWN_COLUMN, MISSING_VALUE, INVALID_OPTION,
 * UNKNOWN_OPTION, INVALID_WEIGHT, ZERO_TOTAL_WEIGHT, OVERFLOW, ALLOCATION_FAILED
 */
export async function readPoints(path: string, options: ReadPointsOptions = {}): Promise<LoadedPoints> {
  const given = checkOptions(options);
  const source = await openSource(path, given);
  try {
    const { missing = "error", dtype = source.dtype, allocate = sharedMemory, onProgress = () => {} } = given;
    const filled = await fillTiles(source, { missing, dtype, allocate, onProgress });
    return { ...filled, columns: source.columns };
  } finally {
    await source.close();
  }
}

async function openSource(path: string, options: ReadPointsOptions): Promise<PointSource> {
  await requireFile(path);
  const format = options.format ?? formatOf(path);
  const { columns, weightColumn, limit = Number.POSITIVE_INFINITY, header } = options;
  const open: OpenOptions = { columns, weightColumn, limit, header };
  return format === "npy" ? openNpy(path, open) : openTable(path, format, open);
}

function checkOptions(options: ReadPointsOptions): ReadPointsOptions {
  const given = onlyKnown(options, OPTIONS);
  const { format, columns, weightColumn, missing, dtype, limit, header } = given;
  if (format !== undefined) requireOneOf("format", format, FILE_FORMATS);
  if (missing !== undefined) requireOneOf("missing", missing, MISSING_POLICIES);
  if (dtype !== undefined) requireOneOf("dtype", dtype, ["f64", "f32"]);
  if (limit !== undefined) requireInteger("limit", limit, 1);
  if (header !== undefined && typeof header !== "boolean") throw invalidOption("header", "true or false", header);
  if (weightColumn !== undefined && typeof weightColumn !== "string")
    throw invalidOption("weightColumn", "a column's name", weightColumn);
  if (columns !== undefined) requireNames(columns);
  return given;
}

function requireNames(columns: unknown): void {
  const names = Array.isArray(columns) && columns.length > 0 && columns.every((name) => typeof name === "string");
  if (!names) throw invalidOption("columns", "an array of at least one column name", columns);
}

async function requireFile(path: string): Promise<void> {
  if (typeof path !== "string" || path === "") throw invalidOption("path", "a file's path", path);
  const found = await stat(resolve(path)).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    if (found.code === "ENOENT" || found.code === "ENOTDIR") throw fileNotFound(path);
    throw badFile(path, `the system says ${found.code ?? found.message}`, {}, found);
  }
  if (!found.isFile()) throw badFile(path, "expected a regular file; it is a folder, a pipe or a device");
  if (found.size === 0) throw noRows(path, 0);
}
