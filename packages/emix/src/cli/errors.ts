import { EmixError } from "@emix/core";

// The messages of the command. The packages below it have their own.

export function modelNotWritten(path: string, cause: Error): EmixError {
  return new EmixError("BAD_FILE", `Could not write the model to ${path}: ${cause.message}`, { path }, cause);
}

export function modelNotRead(path: string, cause: Error): EmixError {
  return new EmixError("FILE_NOT_FOUND", `Could not read the model ${path}: ${cause.message}`, { path }, cause);
}

export function notJson(path: string, cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return badModel(path, `Expected JSON, as \`emix fit --output\` writes it (${reason}).`, cause);
}

export function unusableModel(path: string, cause: EmixError): EmixError {
  return badModel(path, cause.message, cause);
}

export function modelColumns(path: string, features: number): EmixError {
  return badModel(path, `Expected ${features} names in "columns", one for each feature of the mixture.`);
}

function badModel(path: string, message: string, cause?: unknown): EmixError {
  return new EmixError("BAD_MODEL_FILE", `Could not use the model ${path}. ${message}`, { path }, cause);
}

export function columnCount(path: string, expected: number, columns: readonly string[]): EmixError {
  return new EmixError(
    "FEATURES_MISMATCH",
    `Expected ${expected} column(s) of ${path}, as many as the model has features, got ${columns.length}: ${columns.join(", ")}; ` +
      "name the columns of the model, in its order, with --column.",
    { path, expected, columns },
  );
}

export function outputIsInput(path: string): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    `Expected an output other than the files that are read, got ${path}; name another file.`,
    { option: "output", path },
  );
}

export function outputNotWritten(path: string, cause: Error): EmixError {
  return new EmixError("BAD_FILE", `Could not write ${path}: ${cause.message}`, { path }, cause);
}

export function withoutQuantiles(path: string): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    `Expected a model with quantiles of its training log densities for --outliers, ${path} has none; fit it again with \`emix fit\`.`,
    { option: "outliers", path },
  );
}
