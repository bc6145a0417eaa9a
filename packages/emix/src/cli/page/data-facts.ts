import { evaluator, type Reading, rowWindows, windowSize } from "@emix/io";
import type { ReportOutlier, ReportSample } from "@emix/report";
import { type Criteria, entropyOf, scoreAndCriteria } from "../../description.ts";
import type { Engine } from "../../engine.ts";
import type { InputOptions } from "../input.ts";
import type { OpenModel } from "../model.ts";
import { openRowsOf } from "../model-input.ts";
import type { QuietFlag } from "../reading.ts";
import { askEngine } from "../rows/ask-engine.ts";
import { RowSample } from "./row-sample.ts";

/** What a report takes from a file of rows. */
export interface DataFacts {
  readonly reading: Reading;
  /** names of the features, d */
  readonly names: readonly string[];
  /** rows that lack no number */
  readonly rows: number;
  readonly sample: ReportSample;
  readonly outliers: readonly ReportOutlier[];
  /** null where they do not apply */
  readonly criteria: Criteria | null;
}

/** Evaluates all rows of a file, some at a time. in: seed, of the rows that are drawn */
export async function dataFacts(
  engine: Engine,
  model: OpenModel,
  {
    path,
    flags,
    seed,
    signal,
  }: { path: string; flags: InputOptions & QuietFlag; seed: number | string; signal: AbortSignal },
): Promise<DataFacts> {
  const { features, posterior } = model.mixture;
  const { file, rows, dropped, reading, names } = await openRowsOf(engine, model, { path, flags, signal });
  try {
    const evaluate = evaluator(askEngine(engine, signal), model);
    const picked = new RowSample(features, model.transforms, seed);
    const logDensities = new Float64Array(rows - dropped);
    const pointWeights = file.weighted ? new Float64Array(rows - dropped) : null;
    let done = 0;
    let entropy = 0;
    for await (const window of rowWindows(file, rows, windowSize(features))) {
      const found = await evaluate(window);
      picked.add(window, found);
      entropy += entropyOf(found.entropies, window.weights);
      for (const [row, value] of found.logDensities.entries()) {
        if (Number.isNaN(value)) continue;
        if (pointWeights !== null) pointWeights[done] = window.weights?.[row] ?? 1;
        logDensities[done++] = value;
      }
    }
    const whole = { count: done, pointWeights };
    const criteria = posterior ? null : scoreAndCriteria(model.mixture, whole, { logDensities, entropy }).criteria;
    return { reading, names, rows: done, sample: picked.sample(), outliers: picked.outliers(), criteria };
  } finally {
    await file.close();
  }
}
