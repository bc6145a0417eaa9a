import {
  type Cell,
  type OutputBatch,
  type OutputColumn,
  type OutputTable,
  outlierThreshold,
  tailProbability,
} from "@emix/io";
import { Command, Option } from "commander";
import type { Engine } from "../../engine.ts";
import { withoutQuantiles } from "../errors.ts";
import { collect } from "../flags.ts";
import { type InputOptions, withInputOptions } from "../input.ts";
import { type OpenModel, readModel } from "../model.ts";
import { openRowsOf, type RowsOfModel } from "../model-input.ts";
import { fraction, positiveInteger } from "../numbers.ts";
import { type QuietFlag, withQuietFlag } from "../reading.ts";
import { withRowEngine } from "../with-engine.ts";
import { type Evaluation, evaluator } from "./evaluate.ts";
import { keptColumns } from "./kept-columns.ts";
import { openRowOutput, type RowFlags, withRowFlags } from "./row-output.ts";
import { TextReader } from "./text-reader.ts";
import { type RowWindow, rowWindows, windowSize } from "./windows.ts";

type PredictFlags = InputOptions &
  QuietFlag &
  RowFlags & {
    readonly keep?: readonly string[];
    readonly keepAll?: boolean;
    readonly features?: boolean;
    readonly outliers?: number;
    readonly proba?: boolean;
    readonly top?: number;
  };

export function predictCommand(): Command {
  return withQuietFlag(withInputOptions(withRowFlags(new Command("predict")), ["weightColumn", "missing"]))
    .description(
      "Finds the component of every row: row number, label, its probability, log density. There is a line for every row " +
        "of the file, in its order; with --missing drop the cells of a row that lacks a number are empty, with --missing " +
        "marginal they are what the columns that it has tell.",
    )
    .argument("<model>", "a model as `emix fit --output` writes it, JSON or .npz")
    .argument("<file>", "the file of points")
    .addOption(
      new Option(
        "--missing <policy>",
        "rows that lack a number: refuse the file, leave them out, or go by what they have",
      )
        .choices(["error", "drop", "marginal"])
        .default("error"),
    )
    .option("--keep <columns>", "columns of the file to write too, as it has them: id,name", collect)
    .addOption(new Option("--keep-all", "write all columns of the file too").conflicts("keep"))
    .option("--features", "write the numbers of the model's columns too")
    .option(
      "--outliers <fraction>",
      "mark rows less likely than this share of the points that were fitted, and say how likely each is among them",
      fraction,
    )
    .option("--proba", "write the probability of every component too: p0, p1, …")
    .option(
      "--top <count>",
      "write so many components of a row, the most probable first: label, probability, label2, probability2, …",
      positiveInteger,
    )
    .action(runPredict);
}

async function runPredict(modelPath: string, path: string, flags: PredictFlags, command: Command): Promise<void> {
  const output = await openRowOutput(flags, [modelPath, path]);
  const model = await readModel(modelPath);
  if (flags.outliers !== undefined && flags.missing === "marginal") {
    command.error("error: --outliers compares log densities of whole rows, so it goes with --missing error or drop");
  }
  if (flags.outliers !== undefined && model.outliers === undefined) throw withoutQuantiles(modelPath);
  await withRowEngine(flags, async (engine, signal) => {
    const rows = await openRowsOf(model, path, flags, signal);
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
function predictions(engine: Engine, { model, rows, flags, signal }: Prediction): OutputTable {
  const answers = answersOf(model, rows.names, flags);
  const wanted = flags.keepAll ? rows.file.allColumns : (flags.keep ?? []);
  const taken = new Set(["row", ...answers.map(({ column }) => column.name)]);
  const kept = keptColumns(wanted, rows.file.allColumns, taken);
  const texts = new TextReader(kept.names.length === 0 ? nothing() : rows.file.texts(kept.names), kept.names.length);
  const size = windowSize(model.mixture.features + kept.names.length + answers.length);
  async function* batches(): AsyncGenerator<OutputBatch> {
    const wanted = { top: flags.top ?? 1, proba: flags.proba ?? false };
    const missing = flags.missing === "marginal" ? "marginal" : "drop";
    const evaluate = evaluator(engine, model, signal, { ...wanted, missing });
    try {
      for await (const window of rowWindows(rows.file, rows.rows, size)) {
        const found = await evaluate(window);
        const numbers = Array.from({ length: window.rowCount }, (_, row) => window.first + row + 1);
        const cells = answers.map(({ cellOf }) => cellsOf(found, (row) => cellOf(found, row, window)));
        yield { rowCount: window.rowCount, columns: [numbers, ...(await texts.take(window.rowCount)), ...cells] };
      }
    } finally {
      await texts.close();
    }
  }
  return {
    columns: [{ name: "row", type: "integer" }, ...kept.columns, ...answers.map(({ column }) => column)],
    batches: batches(),
  };
}

async function* nothing(): AsyncGenerator<never> {}

/** A column of what is written of a row. */
interface Answer {
  readonly column: OutputColumn;
  readonly cellOf: (found: Evaluation, row: number, window: RowWindow) => Cell;
}

function answersOf(model: OpenModel, names: readonly string[], flags: PredictFlags): Answer[] {
  return [
    ...(flags.features ? featuresOf(model, names) : []),
    { column: { name: "label", type: "integer" }, cellOf: ({ labels }, row) => labels[row] },
    number("probability", ({ maxResponsibilities }, row) => maxResponsibilities[row]),
    ...furtherOf(flags.top ?? 1),
    number("log_density", ({ logDensities }, row) => logDensities[row]),
    ...outlierAnswers(model, flags.outliers),
    ...(flags.proba ? probabilitiesOf(model) : []),
  ];
}

function number(name: string, cellOf: Answer["cellOf"]): Answer {
  return { column: { name, type: "number" }, cellOf };
}

function featuresOf({ mixture: { features } }: OpenModel, names: readonly string[]): Answer[] {
  return names.map((name, j) => number(name, (_, row, { points }) => finite(points[row * features + j])));
}

/** A number, or nothing. */
function finite(value: number): Cell {
  return Number.isFinite(value) ? value : null;
}

function outlierAnswers({ outliers }: OpenModel, share: number | undefined): Answer[] {
  if (outliers === undefined || share === undefined) return [];
  const threshold = outlierThreshold(outliers, share);
  return [
    {
      column: { name: "outlier", type: "boolean" },
      cellOf: ({ logDensities }, row) => logDensities[row] < threshold,
    },
    number("tail_probability", ({ logDensities }, row) => tailProbability(outliers, logDensities[row])),
  ];
}

/** Columns of the components that come after the most probable one. */
function furtherOf(top: number): Answer[] {
  return Array.from({ length: top - 1 }, (_, i): Answer[] => {
    const place = (row: number) => row * top + i + 1;
    const there = ({ topComponents }: Evaluation, row: number) => topComponents[place(row)] >= 0;
    return [
      {
        column: { name: `label${i + 2}`, type: "integer" },
        cellOf: (found, row) => (there(found, row) ? found.topComponents[place(row)] : null),
      },
      number(`probability${i + 2}`, (found, row) => (there(found, row) ? found.topResponsibilities[place(row)] : null)),
    ];
  }).flat();
}

function probabilitiesOf({ mixture: { components } }: OpenModel): Answer[] {
  return Array.from({ length: components }, (_, c) =>
    number(`p${c}`, ({ responsibilities }, row) => responsibilities?.[row * components + c] ?? null),
  );
}

/** Empty for rows that lack a number. */
function cellsOf({ labels }: Evaluation, cellOf: (row: number) => Cell): Cell[] {
  return Array.from(labels, (label, row) => (label < 0 ? null : cellOf(row)));
}
