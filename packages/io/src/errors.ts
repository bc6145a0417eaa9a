import { EmixError, type ErrorDetails } from "@emix/core";

// Every message of io is built here: what was expected, what came, what to do; one line each.
// Rows are counted from 1, without a header; lines from 1, header and blank lines included.

export function fileNotFound(path: string): EmixError {
  return new EmixError("FILE_NOT_FOUND", `Expected a file at ${path}, found none; check the path.`, { path });
}

export function badFile(path: string, problem: string, details: ErrorDetails = {}, cause?: unknown): EmixError {
  return new EmixError("BAD_FILE", oneLine(`Cannot read ${path}: ${problem}.`), { path, ...details }, cause);
}

export function unknownFormat(path: string, extensions: readonly string[]): EmixError {
  const known = extensions.join(", ");
  return new EmixError(
    "UNKNOWN_FORMAT",
    `Expected a file name ending in ${known}, got ${path}; rename it or name its \`format\` (csv, parquet, npy).`,
    { path, extensions },
  );
}

export function unknownColumn(path: string, name: string, known: readonly string[], guess: string | null): EmixError {
  const hint = guess === null ? "" : ` Did you mean ${JSON.stringify(guess)}?`;
  return new EmixError(
    "UNKNOWN_COLUMN",
    oneLine(`Expected a column of ${path}, got ${JSON.stringify(name)}; its columns are ${listed(known)}.${hint}`),
    { path, column: name, known, guess },
  );
}

export function missingValue(path: string, row: number, column: string, value: number): EmixError {
  const got = Number.isNaN(value) ? "none (empty, NULL or NaN)" : String(value);
  return new EmixError(
    "MISSING_VALUE",
    oneLine(
      `Expected a finite number in row ${row}, column ${JSON.stringify(column)} of ${path}, got ${got}; ` +
        'fill it, or leave such rows out with missing "drop" (rows counted from 1, without a header).',
    ),
    { path, row, column, value },
  );
}

export function beyondFloat32(path: string, row: number, column: string, value: number): EmixError {
  return new EmixError(
    "OVERFLOW",
    oneLine(
      `Expected numbers within the range of f32, got ${value} in row ${row}, column ${JSON.stringify(column)} of ${path}; ` +
        'use dtype "f64".',
    ),
    { path, row, column, value },
  );
}

export function negativeWeight(path: string, row: number, column: string, value: number): EmixError {
  return new EmixError(
    "INVALID_WEIGHT",
    oneLine(
      `Expected point weights from 0 up, got ${value} in row ${row}, column ${JSON.stringify(column)} of ${path}; ` +
        "choose another weight column or correct the file.",
    ),
    { path, row, column, value },
  );
}

export function noWeight(path: string, column: string): EmixError {
  return new EmixError(
    "ZERO_TOTAL_WEIGHT",
    oneLine(`Expected a positive total weight, got only zeros in column ${JSON.stringify(column)} of ${path}.`),
    { path, column },
  );
}

export function noRows(path: string, rows: number): EmixError {
  const got = rows === 0 ? "none" : `${rows} that all lack a value in a chosen column`;
  return new EmixError("EMPTY_DATA", `Expected at least one row in ${path}, got ${got}; check the file.`, {
    path,
    rows,
  });
}

export function noNumericColumns(path: string, known: readonly string[]): EmixError {
  return badFile(path, `expected at least one column of numbers, found ${listed(known)}; name \`columns\` to use`, {
    known,
  });
}

export function notNumeric(path: string, column: string, type: string): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    oneLine(
      `Expected \`columns\` to hold numbers, got ${type} for ${JSON.stringify(column)} of ${path}; ` +
        "leave it out or derive a number from it with name=SQL.",
    ),
    { option: "columns", path, column, type },
  );
}

export function repeatedColumn(name: string): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    oneLine(
      `Expected every column in \`columns\` and \`weightColumn\` once, got ${JSON.stringify(name)} twice; leave one out.`,
    ),
    { option: "columns", column: name },
  );
}

export function badExpression(column: string, problem: string, cause?: unknown): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    oneLine(
      `Expected \`columns\` of the form name or name=SQL giving one number a row, got ${JSON.stringify(column)}: ${problem}.`,
    ),
    { option: "columns", column },
    cause,
  );
}

export function allocationFailed(path: string, rows: number, columns: number, cause: unknown): EmixError {
  return new EmixError(
    "ALLOCATION_FAILED",
    `No memory for ${rows} × ${columns} numbers of ${path}; use dtype "f32", fewer columns or a \`limit\`.`,
    { path, rows, columns },
    cause,
  );
}

export function memoryExhausted(path: string, limit: string, cause: unknown): EmixError {
  return new EmixError(
    "ALLOCATION_FAILED",
    `Reading ${path} needs more than the ${limit} that DuckDB may take; choose fewer columns or write it in smaller row groups.`,
    { path, limit },
    cause,
  );
}

/** Names as they should stand in a message: quoted, at most twenty. */
function listed(names: readonly string[]): string {
  if (names.length === 0) return "(none)";
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name));
  return shown.join(", ") + (names.length > 20 ? `, … (${names.length} in all)` : "");
}

const LONGEST = 600;

/** Keeps a message on one line and within reason, whatever a file put into it. */
function oneLine(message: string): string {
  const flat = message.replace(/\s+/g, " ").trim();
  return flat.length <= LONGEST ? flat : `${flat.slice(0, LONGEST - 1)}…`;
}
