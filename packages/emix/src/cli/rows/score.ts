import { weightTotal } from "@emix/core";
import { evaluator, type OutputBatch, type OutputTable, ROW, rowWindows, windowSize } from "@emix/io";
import type { LoadedPoints } from "@emix/workers";
import { Command, Option } from "commander";
import type { Engine } from "../../engine.ts";
import { type InputOptions, withInputOptions } from "../input.ts";
import { type OpenModel, readModel } from "../model.ts";
import { openRowsOf, type RowsOfModel, readInputOf } from "../model-input.ts";
import { type QuietFlag, withQuietFlag } from "../reading.ts";
import { meanLogVolume } from "../transforms.ts";
import { withEngine, withRowEngine } from "../with-engine.ts";
import { askEngine } from "./ask-engine.ts";
import { openRowOutput, type RowFlags, withRowFlags } from "./row-output.ts";

type ScoreFlags = InputOptions & QuietFlag & RowFlags & { readonly perRow?: boolean };

export function scoreCommand(): Command {
  return withQuietFlag(withInputOptions(withRowFlags(new Command("score"))))
    .description(
      "Prints the mean log-likelihood of the points under a model, in the units of its columns; with --json also AIC, BIC " +
        "and ICL, of which lower is better.",
    )
    .argument("<model>", "a model as `emix fit --output` writes it, JSON or .npz")
    .argument("<file>", "the file of points")
    .addOption(
      new Option("--per-row", "print the log density of every row of the file instead, with its number").conflicts(
        "weights",
      ),
    )
    .action(runScore);
}

async function runScore(modelPath: string, path: string, flags: ScoreFlags, command: Command): Promise<void> {
  if (flags.output !== undefined && !flags.perRow) command.error("error: --output takes what --per-row gives");
  const model = await readModel(modelPath);
  if (flags.perRow) return withRowEngine(flags, (engine, signal) => scoreRows(engine, { model, path, flags, signal }));
  await withEngine(flags, async (engine, signal) => {
    const { points } = await readInputOf(model, engine, path, { ...flags, signal });
    const criteria = await criteriaOf(engine, points, model, flags.json ? ["score", "aic", "bic", "icl"] : ["score"]);
    const { rows, dropped } = points;
    process.stdout.write(`${flags.json ? JSON.stringify({ ...criteria, rows, dropped }) : criteria.score}\n`);
  });
}

interface Scoring {
  readonly model: OpenModel;
  readonly path: string;
  readonly flags: ScoreFlags;
  readonly signal: AbortSignal;
}

async function scoreRows(engine: Engine, { model, path, flags, signal }: Scoring): Promise<void> {
  const output = await openRowOutput(flags, [model.path, path]);
  const rows = await openRowsOf(engine, model, { path, flags, signal });
  try {
    await output.write(logDensities(engine, model, rows, signal), rows.rows);
  } finally {
    await rows.file.close();
  }
}

/** The number and the log density of every row; the density of one that lacks a number is empty. */
function logDensities(engine: Engine, model: OpenModel, rows: RowsOfModel, signal: AbortSignal): OutputTable {
  async function* batches(): AsyncGenerator<OutputBatch> {
    const evaluate = evaluator(askEngine(engine, signal), model);
    for await (const window of rowWindows(rows.file, rows.rows, windowSize(model.mixture.features))) {
      const { labels, logDensities } = await evaluate(window);
      const numbers = Array.from({ length: window.rowCount }, (_, row) => window.first + row + 1);
      const cells = Array.from(logDensities, (value, row) => (labels[row] < 0 ? null : value));
      yield { rowCount: window.rowCount, columns: [numbers, cells] };
    }
  }
  return {
    columns: [
      { name: ROW, type: "integer" },
      { name: "log_density", type: "number" },
    ],
    batches: batches(),
  };
}

type Criterion = "score" | "aic" | "bic" | "icl";

/** Criteria of the columns as they were before the model's transforms. */
async function criteriaOf(
  engine: Engine,
  points: LoadedPoints,
  model: OpenModel,
  wanted: readonly Criterion[],
): Promise<Partial<Record<Criterion, number>>> {
  const { mixture, transforms } = model;
  const { count, pointWeights } = points.tiles;
  const volume = meanLogVolume(points, transforms);
  const total = weightTotal(count, pointWeights);
  const found: Partial<Record<Criterion, number>> = {};
  for (const criterion of wanted) {
    const lacking = criterion === "score" ? volume : -2 * total * volume;
    found[criterion] = (await engine[criterion](points, { mixture })) + lacking;
  }
  return found;
}
