import { type Answer, answersOf, type OutputTable, predictedRows, ROW } from "@emix/io";
import { Command, Option } from "commander";
import type { Engine } from "../../engine.ts";
import { type ClusterFlags, withClusterFlags } from "../cluster/cluster-flags.ts";
import { predictOnCluster } from "../cluster/predict.ts";
import { withoutQuantiles } from "../errors.ts";
import { collect } from "../flags.ts";
import { type InputOptions, withInputOptions } from "../input.ts";
import { type OpenModel, readModel } from "../model.ts";
import { openRowsOf, type RowsOfModel } from "../model-input.ts";
import { fraction, positiveInteger } from "../numbers.ts";
import { type QuietFlag, withQuietFlag } from "../reading.ts";
import { withRowEngine } from "../with-engine.ts";
import { askEngine } from "./ask-engine.ts";
import { keptColumns } from "./kept-columns.ts";
import { openRowOutput, type RowFlags, withRowFlags } from "./row-output.ts";

type PredictFlags = InputOptions &
  QuietFlag &
  RowFlags &
  ClusterFlags & {
    readonly keep?: readonly string[];
    readonly keepAll?: boolean;
    readonly features?: boolean;
    readonly outliers?: number;
    readonly proba?: boolean;
    readonly top?: number;
  };

/** Options that hold for one machine alone. */
const ONE_MACHINE = ["keep", "keepAll", "features", "outliers", "json"];

export function predictCommand(): Command {
  const own = withRowFlags(withClusterFlags(new Command("predict"), ONE_MACHINE));
  return withQuietFlag(withInputOptions(own, ["weightColumn", "missing"]))
    .description(
      "Finds the component of every row. Writes a line for each row of the file, in order: row number, label, probability, " +
        "log density. Where a row lacks a number, the cells are empty with --missing drop, and follow from its other columns " +
        "with --missing marginal.",
    )
    .argument("<model>", "a model as `emix fit --output` writes it, JSON or .npz")
    .argument("<file>", "the file of points")
    .addOption(
      new Option(
        "--missing <policy>",
        "rows that lack a number: refuse the file, leave them out, or use the numbers they have",
      )
        .choices(["error", "drop", "marginal"])
        .default("error"),
    )
    .option("--keep <columns>", "also write these columns of the file, unchanged: id,name", collect)
    .addOption(new Option("--keep-all", "also write all columns of the file").conflicts("keep"))
    .option("--features", "also write the numbers of the model's columns")
    .option(
      "--outliers <fraction>",
      "mark rows less likely than this share of the fitted points, and write the share less likely than each row",
      fraction,
    )
    .option("--proba", "also write the probability of every component: p0, p1, …")
    .option(
      "--top <count>",
      "write this many components for each row, the most probable first: label, probability, label2, probability2, …",
      positiveInteger,
    )
    .action(runPredict);
}

async function runPredict(modelPath: string, path: string, flags: PredictFlags, command: Command): Promise<void> {
  const { cluster } = flags;
  if (cluster !== undefined) return predictOnCluster(modelPath, path, { ...flags, cluster }, command);
  const output = await openRowOutput(flags, [modelPath, path]);
  const model = await readModel(modelPath);
  if (flags.outliers !== undefined && flags.missing === "marginal") {
    command.error("error: --outliers compares log densities of whole rows, so it goes with --missing error or drop");
  }
  if (flags.outliers !== undefined && model.outliers === undefined) throw withoutQuantiles(modelPath);
  await withRowEngine(flags, async (engine, signal) => {
    const rows = await openRowsOf(engine, model, { path, flags, signal });
    try {
      await output.write(predictions(engine, { model, rows, flags, signal }), rows.rows);
    } finally {
      await rows.file.close();
    }
  });
}

interface Prediction {
  readonly model: OpenModel;
  readonly rows: RowsOfModel;
  readonly flags: PredictFlags;
  readonly signal: AbortSignal;
}

/** A row for every row of the file. */
function predictions(engine: Engine, { model, rows: found, flags, signal }: Prediction): OutputTable {
  const { file, rows, names } = found;
  const { outliers: share, proba = false, top = 1 } = flags;
  const { outliers: quantiles } = model;
  const outliers = quantiles === undefined || share === undefined ? undefined : { quantiles, share };
  const answers = answersOf(model, { top, proba, outliers, features: flags.features ? names : undefined });
  const wanted = { top, proba, missing: flags.missing === "marginal" ? "marginal" : "drop" } as const;
  const kept = keptColumns(columnsToKeep(file.allColumns, flags), file.allColumns, takenBy(answers));
  return predictedRows(askEngine(engine, signal), model, { file, rows, answers, wanted, kept });
}

function columnsToKeep(all: readonly string[], { keepAll, keep = [] }: PredictFlags): readonly string[] {
  return keepAll ? all : keep;
}

function takenBy(answers: readonly Answer[]): Set<string> {
  return new Set([ROW, ...answers.map(({ column }) => column.name)]);
}
