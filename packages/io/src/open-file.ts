import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Dtype, invalidOption, type MissingOption, onlyKnown, requireInteger, requireOneOf } from "@emix/core";
import { badFile, emptyFile, fileNotFound } from "./errors.ts";
import type { FilePoints } from "./file-points.ts";
import { FILE_FORMATS, type FileFormat, formatOf, openFormat } from "./format.ts";

/** How to read points from a file. */
export interface FileOptions {
  /** Default: by the file's extension (.csv, .tsv, .parquet, .npy). */
  readonly format?: FileFormat;
  /**
   * The features, in order: a column's name, or `name=SQL`, an expression of DuckDB over the file's columns such as
   * `hour=hour("date")` (CSV and Parquet). Columns of an .npy file are x0, x1, … Default: every column of numbers.
   */
  readonly columns?: readonly string[];
  /** The points' weights: a column as above. Default: every point weighs 1. */
  readonly weightColumn?: string;
  /**
   * What a row without a finite number in every chosen column means: an error, or a row to leave out. Results then have
   * an entry for every row of the file, −1 or NaN for those left out. Default "error".
   */
  readonly missing?: MissingOption;
  /** How points are stored. Default: f32 where all chosen columns of the file are, else f64. */
  readonly dtype?: Dtype;
  /** Reads only the first so many rows. */
  readonly limit?: number;
  /** Whether a CSV file's first line names its columns. Default: seen from the file. */
  readonly header?: boolean;
}

const OPTIONS = "format columns weightColumn missing dtype limit header".split(" ");

/**
 * Opens a file as a source of points; close it when its points are read. It reads the file twice, and holds some
 * megabytes of it at most.
 * @throws FILE_NOT_FOUND, UNKNOWN_FORMAT, BAD_FILE, EMPTY_DATA, UNKNOWN_COLUMN, INVALID_OPTION, UNKNOWN_OPTION,
 * ALLOCATION_FAILED
 */
export async function openFile(path: string, options: FileOptions = {}): Promise<FilePoints> {
  const given = checkOptions(options);
  await requireFile(path);
  const { columns, weightColumn, limit = Number.POSITIVE_INFINITY, header, dtype } = given;
  return openFormat(given.format ?? formatOf(path), path, { columns, weightColumn, limit, header, dtype });
}

function checkOptions(options: FileOptions): FileOptions {
  const given = onlyKnown(options, OPTIONS);
  const { format, columns, weightColumn, dtype, limit, header } = given;
  if (format !== undefined) requireOneOf("format", format, FILE_FORMATS);
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
  if (found.size === 0) throw emptyFile(path);
}
