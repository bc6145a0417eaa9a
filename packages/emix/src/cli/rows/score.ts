import { logVolumes } from "@emix/core";
import { evaluator, type OutputBatch, type OutputTable, ROW, rowWindows, windowSize } from "@emix/io";
import { Command, Option } from "commander";
import { describePoints, inColumns, scoreAndCriteria } from "../../description.ts";
import type { Engine } from "../../engine.ts";
import { type InputOptions, withInputOptions } from "../input.ts";
import { type OpenModel, readModel } from "../model.ts";
import { openRowsOf, type RowsOfModel, readInputOf } from "../model-input.ts";
import { type QuietFlag, withQuietFlag } from "../reading.ts";
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
    const { rows, dropped, tiles } = points;
    const volumes = model.transforms === undefined ? null : logVolumes(tiles, model.transforms);
    const description = inColumns(await describePoints(engine, points, model.mixture, { signal }), volumes);
    const { score, criteria } = scoreAndCriteria(model.mixture, tiles, description);
    process.stdout.write(`${flags.json ? JSON.stringify({ score, ...criteria, rows, dropped }) : score}\n`);
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
