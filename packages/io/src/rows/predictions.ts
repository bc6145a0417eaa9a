import type { RowsFile } from "../file-points.ts";
import type { TailQuantiles } from "../models/model.ts";
import { outlierThreshold, tailProbability } from "../models/outliers.ts";
import type { Cell, OutputBatch, OutputColumn, OutputTable } from "../output/output-table.ts";
import { type AskRows, type Evaluation, evaluator, type RowModel, type WantedOfRows } from "./evaluate.ts";
import { TextReader } from "./text-reader.ts";
import { type RowWindow, rowWindows, windowSize } from "./windows.ts";

/** Columns of a file that are written as they are. */
export interface KeptColumns {
  /** as the file has them */
  readonly names: readonly string[];
  /** as they are written */
  readonly columns: readonly OutputColumn[];
}

/** Rows of a file, and what is to be written of them. */
interface RowsToPredict {
  readonly file: RowsFile;
  /** how many there are */
  readonly rows: number;
  readonly answers: readonly Answer[];
  readonly wanted: WantedOfRows;
  readonly kept?: KeptColumns;
}

/** A row for every row of a file: its number, what is kept of it, and what a model says of it. */
export function predictedRows(ask: AskRows, model: RowModel, predicted: RowsToPredict): OutputTable {
  const { file, rows, answers, wanted, kept = { names: [], columns: [] } } = predicted;
  const texts = new TextReader(kept.names.length === 0 ? noRows() : file.texts(kept.names), kept.names.length);
  const size = windowSize(model.mixture.features + kept.names.length + answers.length);
  async function* batches(): AsyncGenerator<OutputBatch> {
    const evaluate = evaluator(ask, model, wanted);
    try {
      for await (const window of rowWindows(file, rows, size)) {
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
    columns: [{ name: ROW, type: "integer" }, ...kept.columns, ...answers.map(({ column }) => column)],
    batches: batches(),
  };
}

/** The column of the rows' numbers. */
export const ROW = "row";

async function* noRows(): AsyncGenerator<never> {}

/** A column of what is written of a row. */
export interface Answer {
  readonly column: OutputColumn;
  readonly cellOf: (found: Evaluation, row: number, window: RowWindow) => Cell;
}

/** What answers hold besides labels and densities. */
interface Further extends Omit<WantedOfRows, "missing"> {
  /** names of the features, whose numbers are written too */
  readonly features?: readonly string[] | undefined;
  /** marks rows that are less likely than this share of the points that were fitted */
  readonly outliers?: { readonly quantiles: TailQuantiles; readonly share: number } | undefined;
}

export function answersOf({ mixture }: RowModel, { top, proba, features, outliers }: Further): Answer[] {
  return [
    ...(features === undefined ? [] : featuresOf(features)),
    { column: { name: "label", type: "integer" }, cellOf: ({ labels }, row) => labels[row] },
    number("probability", ({ maxResponsibilities }, row) => maxResponsibilities[row]),
    ...furtherOf(top),
    number("log_density", ({ logDensities }, row) => logDensities[row]),
    ...(outliers === undefined ? [] : outlierAnswers(outliers)),
    ...(proba ? probabilitiesOf(mixture) : []),
  ];
}

function number(name: string, cellOf: Answer["cellOf"]): Answer {
  return { column: { name, type: "number" }, cellOf };
}

function featuresOf(names: readonly string[]): Answer[] {
  return names.map((name, j) => number(name, (_, row, { points }) => finite(points[row * names.length + j])));
}

/** A number, or nothing. */
function finite(value: number): Cell {
  return Number.isFinite(value) ? value : null;
}

function outlierAnswers({ quantiles, share }: NonNullable<Further["outliers"]>): Answer[] {
  const threshold = outlierThreshold(quantiles, share);
  return [
    {
      column: { name: "outlier", type: "boolean" },
      cellOf: ({ logDensities }, row) => logDensities[row] < threshold,
    },
    number("tail_probability", ({ logDensities }, row) => tailProbability(quantiles, logDensities[row])),
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

function probabilitiesOf({ components }: RowModel["mixture"]): Answer[] {
  return Array.from({ length: components }, (_, c) =>
    number(`p${c}`, ({ responsibilities }, row) => responsibilities?.[row * components + c] ?? null),
  );
}

/** Empty for rows that lack a number. */
function cellsOf({ labels }: Evaluation, cellOf: (row: number) => Cell): Cell[] {
  return Array.from(labels, (label, row) => (label < 0 ? null : cellOf(row)));
}
