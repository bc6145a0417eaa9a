import { transformedSource } from "@emix/core";
import { type AskRows, answersOf, checkRows, openFile, predictedRows, tableFormatOf, writeTable } from "@emix/io";
import { Engine, kernelOfRows, resolveEngineOptions } from "@emix/workers";
import { badJob } from "../errors.ts";
import { outputPath } from "../output-path.ts";
import type { PredictedFile, PredictRequest } from "../protocol.ts";
import { type OutputFolder, requireOutput } from "./output-folder.ts";
import type { Root } from "./root.ts";

/** Where a worker reads and writes, and what it computes with. */
export interface PredictPlaces {
  readonly root: Root;
  /** null: it writes nothing */
  readonly output: OutputFolder | null;
  readonly threads: number;
}

/** Finds the component of every row of one file, and writes them as `emix predict` does, with the same bits. */
export async function predict(
  { plan, mixture, output: pattern, top, proba }: PredictRequest,
  index: number,
  { root, output, threads }: PredictPlaces,
): Promise<PredictedFile> {
  const folder = requireOutput(output);
  const planned = plan.files[index];
  if (planned === undefined) throw badJob("it asks for a file that it does not name");
  const path = outputPath(pattern, planned.path);
  const format = tableFormatOf(path);
  const { missing = "error" } = plan.read;
  const model = { mixture, ...(plan.transforms && { transforms: plan.transforms }) };
  const file = await openFile(await root.require(planned), { ...plan.read, dtype: plan.dtype });
  const engine = new Engine(resolveEngineOptions({ offThread: false, threads, kernel: kernelOfRows() }));
  const ask: AskRows = (points, asked) => engine.evaluate(points, asked);
  try {
    const { rows, dropped } = await checkRows(transformedSource(file, model.transforms), missing);
    const wanted = { top, proba, missing: "drop" } as const;
    const table = predictedRows(ask, model, { file, rows, wanted, answers: answersOf(model, wanted) });
    await folder.write(path, (part) => writeTable(part, format, table));
    return { path, rows, dropped };
  } finally {
    await engine.close();
    await file.close();
  }
}
