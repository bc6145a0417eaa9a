import { transformedSource } from "@emix/core";
import { type FilePoints, type Model, openFile, readingLine, readModel } from "@emix/io";
import type { Engine } from "../engine.ts";
import { columnCount } from "./errors.ts";
import { inFlags } from "./flags.ts";
import { columnsFor, type Input, type InputOptions, nameOf, readInput } from "./input.ts";
import { fileOptionsOf } from "./input-flags.ts";
import { checkRows, type RowsFound } from "./rows/check-rows.ts";

/** A model, and the file that it came from. */
export interface OpenModel extends Model {
  readonly path: string;
}

/** @throws FILE_NOT_FOUND, BAD_FILE, BAD_MODEL_FILE */
export async function openModel(path: string): Promise<OpenModel> {
  return { ...(await readModel(path)), path };
}

/** What the columns of a model are needed of. */
interface ModelColumns {
  readonly path: string;
  readonly mixture: { readonly features: number };
  readonly columns?: readonly string[] | undefined;
}

/**
 * Reads the points that a model is asked about: its columns of a file. A model that names none takes the columns of the
 * file in their order, and standard error says so.
 * @throws FEATURES_MISMATCH, and what `loadFile` throws
 */
export async function readInputOf(
  model: ModelColumns,
  engine: Engine,
  path: string,
  flags: InputOptions,
): Promise<Input> {
  const input = await readInput(engine, path, flags, model.columns);
  requireColumns(model, path, flags, input.columns);
  return input;
}

/** The rows of a file that a model is asked about. */
export interface RowsOfModel extends RowsFound {
  readonly file: FilePoints;
  /** the files that it stands for */
  readonly paths: readonly string[];
  /** names of the features, d */
  readonly names: readonly string[];
}

/**
 * Opens a file for a model, and checks its rows before anything is written. Standard error says what was read.
 * @throws FEATURES_MISMATCH, NON_FINITE_POINT, INVALID_OPTION (a column that is none of the model's), and what `openFile`
 * throws
 */
export async function openRowsOf(
  model: OpenModel,
  path: string,
  flags: InputOptions,
  signal: AbortSignal,
): Promise<RowsOfModel> {
  const { columns: given, ...options } = fileOptionsOf(flags);
  const columns = model.columns === undefined ? given : columnsFor(model.columns, given ?? []);
  const file = await openFile(path, { ...options, ...(columns && { columns }), signal });
  try {
    requireColumns(model, path, flags, file.columns);
    const found = await checkRows(transformedSource(file, model.transforms), options.missing ?? "error");
    const reading = file.reading(found.rows, found.dropped);
    process.stderr.write(`${inFlags(readingLine(reading))}\n`);
    return { ...found, file, paths: reading.paths, names: file.columns.map(nameOf) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function requireColumns(model: ModelColumns, path: string, flags: InputOptions, columns: readonly string[]): void {
  const names = columns.map(nameOf);
  if (names.length !== model.mixture.features) throw columnCount(path, model.mixture.features, names);
  if (model.columns !== undefined || flags.column !== undefined) return;
  const order = names.join(", ");
  process.stderr.write(`emix: ${model.path} does not name its columns; used ${order} of ${path}, in this order\n`);
}
