import type { Engine } from "../engine.ts";
import { columnCount } from "./errors.ts";
import { type Input, type InputOptions, nameOf, readInput } from "./input.ts";
import type { OpenModel } from "./model.ts";
import { transformedPoints } from "./transforms.ts";

/**
 * Reads the points that a model is asked about: its columns of a file. A model that names none takes the columns of the
 * file in their order, and standard error says so. The points are transformed as the model says.
 * @throws FEATURES_MISMATCH, and what `loadFile` throws
 */
export async function readInputOf(
  { mixture, columns, path: modelPath, transforms }: Pick<OpenModel, "mixture" | "columns" | "path" | "transforms">,
  engine: Engine,
  path: string,
  flags: InputOptions,
): Promise<Input> {
  const input = await readInput(engine, path, flags, columns);
  const names = input.columns.map(nameOf);
  if (names.length !== mixture.features) throw columnCount(path, mixture.features, names);
  if (columns === undefined && flags.column === undefined) {
    const order = names.join(", ");
    process.stderr.write(`emix: ${modelPath} does not name its columns; used ${order} of ${path}, in this order\n`);
  }
  return transforms === undefined ? input : { ...input, points: transformedPoints(input, transforms, path) };
}
