import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { EmixError, GaussianMixture, type MixtureJson, type Warning } from "@emix/core";
import type { FitResult } from "@emix/workers";
import type { Input } from "./input.ts";

/** A fitted model as a file: the mixture, the columns it is about, and how it came about. */
export interface ModelFile {
  readonly format: "emix-model";
  readonly version: 1;
  /** as given on the command line: names, or name=<SQL expression> */
  readonly columns: readonly string[];
  readonly mixture: MixtureJson;
  readonly fit: {
    readonly points: number;
    readonly dropped: number;
    /** mean log-likelihood of a point; of a variational fit the lower bound of the evidence, of all points */
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
      throw new EmixError("BAD_FILE", `Could not write the model to ${path}: ${error.message}`, { path }, error);
    });
  }
}

async function writeInNewFolder(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** @throws FILE_NOT_FOUND, BAD_MODEL_FILE */
export async function readModel(path: string): Promise<{ columns: readonly string[]; mixture: GaussianMixture }> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new EmixError("FILE_NOT_FOUND", `Could not read the model ${path}: ${error.message}`, { path }, error);
  });
  const model = parsed(path, text) as Partial<ModelFile> | null;
  const columns = model?.columns;
  if (model?.format !== "emix-model" || model.version !== 1 || !Array.isArray(columns)) {
    throw badModel(path, 'it is not a model of format "emix-model", version 1; write one with `emix fit -o`');
  }
  const mixture = GaussianMixture.fromJSON(model.mixture);
  if (columns.length !== mixture.features || !columns.every((column) => typeof column === "string")) {
    throw badModel(path, `expected ${mixture.features} column names`);
  }
  return { columns, mixture };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badModel(path, `it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function badModel(path: string, reason: string): EmixError {
  return new EmixError("BAD_MODEL_FILE", `Could not use the model ${path}: ${reason}.`, { path });
}
