import { EmixError, type ErrorCode } from "@emix/core";
import { oneLine } from "../errors.ts";

// The messages about model files: what was expected, what came, what to do.

/** in: problem, what was expected and what came, without a full stop */
export function badModel(problem: string, cause?: unknown): EmixError {
  return new EmixError("BAD_MODEL_FILE", oneLine(`${problem}.`), {}, cause);
}

/** An error of reading a model from bytes, with the path of its file. */
export function inFile(path: string, { code, message, details }: EmixError, cause: unknown): EmixError {
  return new EmixError(code, oneLine(`Could not use the model ${path}. ${message}`), { ...details, path }, cause);
}

export function modelNotFound(path: string, cause: Error): EmixError {
  const isMissing = "code" in cause && cause.code === "ENOENT";
  const code: ErrorCode = isMissing ? "FILE_NOT_FOUND" : "BAD_FILE";
  const problem = isMissing
    ? `Expected a model at ${path}, found none; check the path, or write one with \`emix fit -o\`.`
    : `Could not read the model ${path}: ${cause.message}`;
  return new EmixError(code, oneLine(problem), { path }, cause);
}

export function notJson(cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return badModel(`Expected a model as JSON or .npz, got a file that is neither (${reason})`, cause);
}

export function onnxNotRead(): EmixError {
  return badModel("Expected a model as JSON or .npz, got what looks like ONNX, which emix writes but cannot read");
}

export function pickleNotRead(): EmixError {
  return badModel(
    "Expected a model as JSON or .npz, got a Python pickle; save the mixture with `save` of python/emix_model.py",
  );
}

export function wrongField(name: string, expected: string): EmixError {
  return badModel(`Expected \`${name}\` of the model to be ${expected}`);
}

export function unknownField(name: string, known: readonly string[]): EmixError {
  return badModel(`Unknown field ${JSON.stringify(name)} of the model; known are ${known.join(", ")}`);
}

export function damagedZip(problem: string, cause?: unknown): EmixError {
  return badModel(`Expected an .npz file, which is a zip archive, but ${problem}`, cause);
}

export function badArray(name: string, problem: string): EmixError {
  return badModel(`Could not read the array ${JSON.stringify(name)} of the .npz file: ${problem}`);
}

export function noQuantiles(): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    "Expected a model with quantiles of its training log densities for `outliers`, got one without; fit it again with `emix fit`.",
    { option: "outliers" },
  );
}

export function unknownModelFormat(path: string, formats: readonly string[]): EmixError {
  const extensions = formats.map((format) => `.${format}`);
  return new EmixError(
    "UNKNOWN_FORMAT",
    oneLine(`Expected the name of a model's file to end in ${extensions.join(", ")}, got ${path}; rename it.`),
    { path, extensions },
  );
}
