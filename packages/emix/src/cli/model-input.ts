import type { Engine } from "../engine.ts";
import { columnCount } from "./errors.ts";
import { type Input, type InputOptions, nameOf, readInput } from "./input.ts";
import type { Model } from "./model.ts";

/**
 * Reads the points that a model is asked about: its columns of a file. A model that names no columns takes those of the
 * file in their order, and a line on standard error says so.
 * @throws FEATURES_MISMATCH, and what `loadFile` throws
 */
export async function readInputOf(
  { mixture, columns, path: modelPath }: Model,
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
  return input;
}
