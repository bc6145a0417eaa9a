import { columnCount } from "./errors.ts";
import { type Input, type InputOptions, nameOf, readInput } from "./input.ts";
import { type Model, readModel } from "./model.ts";

/** A model with the points that it is asked about. */
export interface ModelInput extends Model, Input {
  readonly columns: readonly string[];
}

/**
 * Reads a model, and its columns of a file. A model that names none takes the columns of the file in their order, which
 * standard error is told.
 * @throws FILE_NOT_FOUND, BAD_MODEL_FILE, FEATURES_MISMATCH, and what readInput throws
 */
export async function readModelInput(modelPath: string, path: string, options: InputOptions): Promise<ModelInput> {
  const { mixture, columns } = await readModel(modelPath);
  const input = await readInput(path, options, columns);
  const names = input.columns.map(nameOf);
  if (names.length !== mixture.features) throw columnCount(path, mixture.features, names);
  if (columns === undefined && options.column === undefined) {
    process.stderr.write(
      `emix: ${modelPath} does not name its columns; used ${names.join(", ")} of ${path}, in this order\n`,
    );
  }
  return { ...input, mixture };
}
