import { type Model, type ModelFormat, modelFormatOf, writeModel } from "@emix/io";
import { type Output, openOutputs } from "./output.ts";

/** A file that a model will be written to. */
export interface ModelOutput extends Output {
  readonly format: ModelFormat;
}

/** As `openOutputs`; the ending of a name says the format. @throws UNKNOWN_FORMAT as well */
export async function openModelOutputs(paths: readonly string[], inputs: readonly string[]): Promise<ModelOutput[]> {
  const formats = paths.map((path) => (path === "-" || path.startsWith("/dev/") ? "json" : modelFormatOf(path)));
  const outputs = await openOutputs(paths, inputs);
  return outputs.map((output, i) => ({ ...output, format: formats[i] }));
}

/** Files first: a reader of standard output that leaves costs none of them. in: makeModel, called if there is an output */
export async function writeModels(outputs: readonly ModelOutput[], makeModel: () => Model): Promise<void> {
  if (outputs.length === 0) return;
  const model = makeModel();
  const ordered = outputs.toSorted((a, b) => Number(a.path === "-") - Number(b.path === "-"));
  for (const { format, write } of ordered) await write(writeModel(model, format));
}
