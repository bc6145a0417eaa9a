import { EmixError } from "@emix/core";
import { nearest } from "@emix/io";

// The messages of the command. The packages below it have their own.

/** in: kept, the file that holds the bytes instead */
export function outputNotWritten(path: string, cause: Error, kept?: string): EmixError {
  const instead = kept === undefined ? "" : `; what was to be written is in ${kept}`;
  return new EmixError("BAD_FILE", `Could not write ${path}: ${cause.message}${instead}.`, { path, kept }, cause);
}

export function outputIsFolder(path: string): EmixError {
  return new EmixError("BAD_FILE", `Expected --output to name a file, got the folder ${path}.`, { path });
}

export function outputIsInput(path: string, input: string): EmixError {
  const same = path === input ? "" : ` (the same file as ${input})`;
  return new EmixError(
    "INVALID_OPTION",
    `Expected an output to be another file than those that are read, got ${path}${same}; choose another name.`,
    { path, input },
  );
}

export function outputTwice(path: string): EmixError {
  return new EmixError("INVALID_OPTION", `Expected every output to be another file, got ${path} twice.`, { path });
}

export function columnCount(path: string, expected: number, columns: readonly string[]): EmixError {
  return new EmixError(
    "FEATURES_MISMATCH",
    `Expected ${expected} column(s) of ${path}, as many as the model has features, got ${columns.length}: ${columns.join(", ")}; ` +
      "name the columns of the model, in its order, with --column.",
    { path, expected, columns },
  );
}

/** An error of reading a file by the columns of a model, in words about both where the file lacks one of them. */
export function inWordsOfModel(error: unknown, columns: readonly string[] = []): unknown {
  if (!(error instanceof EmixError) || error.code !== "UNKNOWN_COLUMN") return error;
  const { path, column, known } = error.details as { path?: string; column?: string; known?: readonly string[] };
  if (column === undefined || known === undefined || !columns.includes(column)) return error;
  const others = known.filter((name) => !columns.includes(name));
  const other = nearest(column, others) ?? others[0] ?? "NAME";
  return new EmixError(
    "UNKNOWN_COLUMN",
    `Expected the columns of the model (${columns.slice(0, MOST_COLUMNS).join(", ")}) in ${path}, which lacks ${JSON.stringify(column)}; ` +
      `its columns are ${known.slice(0, MOST_COLUMNS).join(", ")}; a column of another name is given as --column ${column}=${other}.`,
    error.details,
    error,
  );
}

/** Columns that a message lists. */
const MOST_COLUMNS = 12;

export function withoutQuantiles(path: string): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    `Expected a model with quantiles of its training log densities for --outliers, ${path} has none; fit it again with \`emix fit\`.`,
    { option: "outliers", path },
  );
}

export function labelsOfStream(): EmixError {
  const message =
    "Expected a file for --label-column, which is read twice, got standard input; write it to a file first.";
  return new EmixError("INVALID_OPTION", message, { option: "labelColumn" });
}

export function labelsOfSavedPoints(path: string): EmixError {
  const message =
    `Expected a file with a column of labels for --label-column, got ${path}: saved points have the numbers that are fitted, ` +
    "and nothing else; fit the file that they were read from.";
  return new EmixError("INVALID_OPTION", message, { option: "labelColumn", path });
}

export function tooManyLabels(column: string, labels: readonly string[], components: number): EmixError {
  const shown = labels.slice(0, MOST_LABELS).join(", ") + (labels.length > MOST_LABELS ? ", …" : "");
  return new EmixError(
    "INVALID_OPTION",
    `Expected --label-column ${column} to hold at most ${components} labels, as many as components, got ${labels.length}: ${shown}; raise --components.`,
    { option: "labelColumn", column, labels: labels.length, components },
  );
}

/** Labels that a message lists. */
const MOST_LABELS = 5;

export function logOfUnknownColumn(name: string, columns: readonly string[], path: string): EmixError {
  return new EmixError(
    "UNKNOWN_COLUMN",
    `Expected --log to name a column that is fitted (${columns.join(", ")}), got ${JSON.stringify(name)}.`,
    { path, column: name, known: columns },
  );
}

export function orderByUnknownColumn(name: string, columns: readonly string[]): EmixError {
  return new EmixError(
    "UNKNOWN_COLUMN",
    `Expected --order to be weight or a column that is fitted (${columns.join(", ")}), got ${JSON.stringify(name)}.`,
    { column: name, known: columns },
  );
}

export function otherColumns(path: string, expected: readonly string[], got: readonly string[]): EmixError {
  return new EmixError(
    "FEATURES_MISMATCH",
    `Expected the model ${path} of --match-to to have the columns ${expected.join(", ")}, got ${got.join(", ")}.`,
    { path, expected, got },
  );
}

export function otherLogarithms(path: string): EmixError {
  return new EmixError(
    "FEATURES_MISMATCH",
    `Expected the model ${path} of --match-to to have logarithms of the same columns; give --log as when it was fitted.`,
    { path },
  );
}

export function configNotRead(path: string, cause: Error): EmixError {
  if ("code" in cause && cause.code === "ENOENT") {
    const message = `Expected a config file at ${path}, found none; check the path.`;
    return new EmixError("FILE_NOT_FOUND", message, { path }, cause);
  }
  return new EmixError("BAD_FILE", `Could not read the config file ${path}: ${cause.message}.`, { path }, cause);
}

export function configTwice(): EmixError {
  return new EmixError("INVALID_OPTION", "Expected --config once, got it twice; join the files.", { option: "config" });
}

export function notConfig(path: string, problem: string): EmixError {
  return new EmixError(
    "BAD_FILE",
    `Expected the config file ${path} to hold a JSON object of flags, as {"components": 8}; ${problem}.`,
    { path },
  );
}

export function unknownInConfig(name: string, path: string, known: readonly string[]): EmixError {
  return new EmixError(
    "UNKNOWN_OPTION",
    `Expected names of flags in ${path}, got ${JSON.stringify(name)}; known are ${known.join(", ")}.`,
    { path, name, known },
  );
}

export function configValue(flag: string, expected: string, got: unknown, path: string): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    `Expected ${JSON.stringify(flag.slice(2))} in ${path} to be ${expected}, got ${JSON.stringify(got)}.`,
    { path, got },
  );
}
