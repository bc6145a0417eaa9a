import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { EmixError, invalidOption, requireOneOf } from "@emix/core";
import { inFile, modelNotFound, onnxNotRead, pickleNotRead, unknownModelFormat } from "./errors.ts";
import type { Model } from "./model.ts";
import { readJson, writeJson } from "./model-json.ts";
import { readNpz } from "./npz/read-npz.ts";
import { writeNpz } from "./npz/write-npz.ts";
import { type OnnxOptions, writeOnnx } from "./onnx/write-onnx.ts";

/** How a model is written. */
export type ModelFormat = "json" | "npz" | "onnx";

const WRITERS: Readonly<Record<ModelFormat, (model: Model, options: OnnxOptions) => Uint8Array>> = {
  json: writeJson,
  npz: writeNpz,
  onnx: writeOnnx,
};

const MODEL_FORMATS: readonly ModelFormat[] = Object.keys(WRITERS) as ModelFormat[];

/** By the extension of a file's name. @throws UNKNOWN_FORMAT */
export function modelFormatOf(path: string): ModelFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = MODEL_FORMATS.find((known) => known === extension);
  if (format === undefined) throw unknownModelFormat(path, MODEL_FORMATS);
  return format;
}

/**
 * A model as the bytes of a file. `outliers` adds the output is_outlier to an ONNX graph.
 * @throws INVALID_OPTION
 */
export function writeModel(model: Model, format: ModelFormat, options: OnnxOptions = {}): Uint8Array {
  requireOneOf("format", format, MODEL_FORMATS);
  const { outliers } = options;
  if (outliers !== undefined && format !== "onnx") throw invalidOption("outliers", "absent, but for ONNX", outliers);
  if (outliers !== undefined && !(Number.isFinite(outliers) && outliers > 0 && outliers < 1)) {
    throw invalidOption("outliers", "a number between 0 and 1", outliers);
  }
  return WRITERS[format](model, options);
}

/**
 * Reads a model of JSON or .npz, whichever its content is, from a file or from the bytes of one.
 * @throws FILE_NOT_FOUND, BAD_FILE, BAD_MODEL_FILE
 */
export async function readModel(source: string | Uint8Array): Promise<Model> {
  if (typeof source !== "string") return modelOf(source);
  const bytes = await readFile(source).catch((error: Error) => {
    throw modelNotFound(source, error);
  });
  try {
    return modelOf(bytes);
  } catch (error) {
    throw error instanceof EmixError ? inFile(source, error, error.cause) : error;
  }
}

const ZIP = "PK";
const ONNX = 0x08;
const PICKLE = 0x80;

/** @throws BAD_MODEL_FILE */
function modelOf(bytes: Uint8Array): Model {
  if (bytes[0] === ONNX) throw onnxNotRead();
  if (bytes[0] === PICKLE) throw pickleNotRead();
  return String.fromCharCode(bytes[0], bytes[1]) === ZIP ? readNpz(bytes) : readJson(bytes);
}
