import { type Transform, transformedSource } from "@emix/core";
import {
  checkRows,
  type FileOptions,
  type FilePoints,
  openFile,
  type Reading,
  type ReadWatcher,
  type RowsFile,
  type RowsFound,
} from "@emix/io";
import type { Engine } from "../engine.ts";
import { isSavedPoints, requireSavedOptions } from "../saved-points.ts";
import { columnCount, inWordsOfModel } from "./errors.ts";
import { columnsFor, type Input, type InputOptions, nameOf, watchingIn } from "./input.ts";
import { fileOptionsOf, storageIn } from "./input-flags.ts";
import type { OpenModel } from "./model.ts";
import { type QuietFlag, sayWhatWasRead } from "./reading.ts";
import { dialectOf } from "./recorded-dialect.ts";
import { SavedRows } from "./rows/saved-rows.ts";

/** What of a model says which numbers of a file it takes. */
interface ModelColumns extends Pick<OpenModel, "fit"> {
  readonly path: string;
  readonly mixture: { readonly features: number };
  readonly columns?: readonly string[] | undefined;
  readonly transforms?: readonly Transform[];
}

/**
 * Reads the points that a model is asked about: its columns of a file, transformed as the model says. A model that names
 * none takes the columns of the file in their order, and standard error says so.
 * @throws FEATURES_MISMATCH, INVALID_OPTION (a column that is none of the model's), and what `loadFile` throws
 */
export async function readInputOf(
  model: ModelColumns,
  engine: Engine,
  path: string,
  flags: InputOptions & QuietFlag & ReadWatcher,
): Promise<Input> {
  const { transforms } = model;
  const options = {
    ...optionsFor(model, flags),
    ...(transforms && { transforms }),
    ...storageIn(flags),
    ...watchingIn(flags),
  };
  const points = await engine.loadFile(path, options).catch((error: unknown) => {
    throw inWordsOfModel(error, model.columns);
  });
  sayWhatWasRead(points.reading, flags);
  requireColumns(model, path, flags, points.columns);
  return { points, columns: points.columns, dropped: points.dropped, reading: points.reading };
}

/** Rows that a model is to be asked about. */
interface AskedRows {
  readonly path: string;
  readonly flags: InputOptions & QuietFlag;
  readonly signal: AbortSignal;
}

/** The rows of a file that a model is asked about. */
export interface RowsOfModel extends RowsFound {
  readonly file: RowsFile;
  readonly reading: Reading;
  /** names of the features, d */
  readonly names: readonly string[];
}

/**
 * Opens a file for a model, and checks its rows before anything is written. Standard error says what was read. The file
 * is the caller's to close.
 * @throws FEATURES_MISMATCH, NON_FINITE_POINT, INVALID_OPTION (a column that is none of the model's), and what `openFile`
 * throws
 */
export async function openRowsOf(engine: Engine, model: OpenModel, asked: AskedRows): Promise<RowsOfModel> {
  const { path, flags, signal } = asked;
  const isMarginal = flags.missing === "marginal";
  const ofFile = isMarginal ? { ...flags, missing: "drop" } : flags;
  const isSaved = isSavedPoints(path);
  const file = isSaved ? await openSavedRows(engine, model, asked) : await openPointsOf(model, path, ofFile, signal);
  try {
    // Rows that were left out when points were saved are left out here.
    const missing = isSaved ? "drop" : (fileOptionsOf(ofFile).missing ?? "error");
    const found = await checkRows(transformedSource(file, model.transforms), isMarginal ? "marginal" : missing);
    const reading = file.reading(found.rows, found.dropped);
    sayWhatWasRead(reading, flags);
    return { ...found, file, reading, names: file.columns.map(nameOf) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Saved points opened for a model. @throws FEATURES_MISMATCH, INVALID_OPTION, and what `loadFile` throws */
async function openSavedRows(engine: Engine, model: OpenModel, { path, flags, signal }: AskedRows): Promise<SavedRows> {
  const { missing, ...options } = optionsFor(model, flags);
  const given = missing === undefined || missing === "error" ? options : { ...options, missing };
  requireSavedOptions(path, given);
  const points = await engine.loadFile(path, { ...given, signal });
  try {
    requireColumns(model, path, flags, points.columns);
    return new SavedRows(path, points);
  } catch (error) {
    points.dispose();
    throw error;
  }
}

/** A file opened for a model. @throws FEATURES_MISMATCH, INVALID_OPTION, and what `openFile` throws */
export async function openPointsOf(
  model: ModelColumns,
  path: string,
  flags: InputOptions,
  signal?: AbortSignal,
): Promise<FilePoints> {
  const options = { ...optionsFor(model, flags), ...(signal && { signal }) };
  const file = await openFile(path, options).catch((error: unknown) => {
    throw inWordsOfModel(error, model.columns);
  });
  try {
    requireColumns(model, path, flags, file.columns);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The columns of the model in its order, how its points were written, and what else the flags say. */
export function optionsFor({ columns, fit }: ModelColumns, flags: InputOptions): FileOptions {
  const options = fileOptionsOf(flags);
  const like = dialectOf(fit);
  return {
    ...options,
    ...(like && { like }),
    ...(columns && { columns: columnsFor(columns, options.columns ?? []) }),
  };
}

/** @throws FEATURES_MISMATCH where the model has another number of columns */
export function requireColumns(
  model: ModelColumns,
  path: string,
  flags: InputOptions,
  columns: readonly string[],
): void {
  const names = columns.map(nameOf);
  if (names.length !== model.mixture.features) throw columnCount(path, model.mixture.features, names);
  if (model.columns !== undefined || flags.column !== undefined) return;
  const order = names.join(", ");
  process.stderr.write(`emix: ${model.path} does not name its columns; used ${order} of ${path}, in this order\n`);
}
