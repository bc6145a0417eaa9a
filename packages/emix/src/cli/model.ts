import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type EmixError, GaussianMixture, type MixtureJson, type Warning } from "@emix/core";
import type { FitResult } from "@emix/workers";
import { modelColumns, modelNotRead, modelNotWritten, notJson, unusableModel } from "./errors.ts";
import type { Input } from "./input.ts";

/** A fitted model as a file: the mixture, its columns, and how it was fitted. */
export interface ModelFile {
  readonly format: "emix-model";
  readonly version: 1;
  /** as given on the command line: names, or name=<SQL expression> */
  readonly columns: readonly string[];
  readonly mixture: MixtureJson;
  readonly fit: {
    readonly points: number;
    readonly dropped: number;
    /** mean log-likelihood of a point; after variational inference, the evidence lower bound summed over all points */
    readonly lowerBound: number;
    readonly converged: boolean;
    readonly iterations: number;
    readonly warnings: readonly Warning[];
  };
}

export function modelOf({ points, columns, dropped }: Input, result: FitResult): ModelFile {
  const { lowerBound, converged, iterations, warnings } = result;
  const fit = { points: points.count, dropped, lowerBound, converged, iterations, warnings };
  return { format: "emix-model", version: 1, columns, mixture: result.mixture.toJSON(), fit };
}

/** in: path, "-" for standard output */
export async function writeModel(path: string, model: ModelFile): Promise<void> {
  const text = `${JSON.stringify(model, null, 1)}\n`;
  if (path === "-") process.stdout.write(text);
  else {
    await writeInNewFolder(path, text).catch((error: Error) => {
      throw modelNotWritten(path, error);
    });
  }
}

async function writeInNewFolder(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** A mixture with its columns; undefined if its file does not name them, like one from JSON.stringify(mixture). */
export interface Model {
  readonly path: string;
  readonly mixture: GaussianMixture;
  readonly columns: readonly string[] | undefined;
}

/** @throws FILE_NOT_FOUND, BAD_MODEL_FILE */
export async function readModel(path: string): Promise<Model> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw modelNotRead(path, error);
  });
  const json = parsed(path, text);
  const mixture = opened(path, json);
  return { path, mixture, columns: columnsOf(path, json as Partial<ModelFile>, mixture.features) };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson(path, error);
  }
}

function opened(path: string, json: unknown): GaussianMixture {
  try {
    return GaussianMixture.fromJSON(json);
  } catch (error) {
    throw unusableModel(path, error as EmixError);
  }
}

function columnsOf(path: string, { format, columns, mixture }: Partial<ModelFile>, features: number): Model["columns"] {
  if (format !== "emix-model" || (columns === undefined && mixture === undefined)) return undefined;
  const named = Array.isArray(columns) && columns.every((column) => typeof column === "string");
  if (!named || columns.length !== features) throw modelColumns(path, features);
  return columns;
}
