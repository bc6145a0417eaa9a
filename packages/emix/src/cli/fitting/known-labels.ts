import { type FilePoints, openFile } from "@emix/io";
import { isSavedPoints } from "../../saved-points.ts";
import { labelsOfSavedPoints, labelsOfStream, tooManyLabels } from "../errors.ts";
import { type InputOptions, nameOf } from "../input.ts";
import { fileOptionsOf } from "../input-flags.ts";
import type { OpenModel } from "../model.ts";
import { openPointsOf } from "../model-input.ts";
import type { QuietFlag } from "../reading.ts";

/** What a column of labels says of the rows of a file. */
export interface KnownLabels {
  /** for each row, its component; −1: nothing is known */
  readonly knownComponents: Int32Array;
  /** the columns to fit, where they had to be chosen without that of the labels; undefined: as ever */
  readonly column: readonly string[] | undefined;
}

/** Where labels are read, and what they must fit. */
interface LabelPlan {
  readonly column: string;
  readonly components: number;
  readonly from: OpenModel | undefined;
}

/** Texts that say that nothing is known, besides an empty field. */
const UNKNOWN: ReadonlySet<string> = new Set(["", "-1", "NA", "N/A", "NaN", "nan", "null", "NULL", "?"]);

/**
 * Reads the labels of a file's rows. Whole numbers below k are components; other texts are numbered in the order of their
 * letters, and standard error says how.
 * @throws UNKNOWN_COLUMN, INVALID_OPTION, and what `openFile` throws
 */
export async function readLabels(
  path: string,
  flags: InputOptions & QuietFlag,
  { column, components, from }: LabelPlan,
): Promise<KnownLabels> {
  if (path === "-") throw labelsOfStream();
  if (isSavedPoints(path)) throw labelsOfSavedPoints(path);
  const file = from === undefined ? await openFile(path, fileOptionsOf(flags)) : await openPointsOf(from, path, flags);
  try {
    const texts = await textsOf(file, column);
    const names = [...new Set(texts)].filter((text) => !UNKNOWN.has(text)).sort();
    const areNumbers = names.every((name) => /^\d+$/.test(name) && Number(name) < components);
    if (!areNumbers && names.length > components) throw tooManyLabels(column, names, components);
    const componentOf = new Map(names.map((name, index) => [name, areNumbers ? Number(name) : index]));
    if (!(areNumbers || flags.quiet)) sayNumbers(column, names);
    const chosen = file.columns.filter((each) => nameOf(each) !== column);
    const isChosen = from !== undefined || flags.column !== undefined || chosen.length === file.columns.length;
    return {
      knownComponents: Int32Array.from(texts, (text) => componentOf.get(text) ?? -1),
      column: isChosen ? undefined : chosen,
    };
  } finally {
    await file.close();
  }
}

async function textsOf(file: FilePoints, column: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of file.texts([column])) {
    for (let row = 0; row < batch.rowCount; row++) texts.push((batch.columns[0][row] ?? "").trim());
  }
  return texts;
}

function sayNumbers(column: string, names: readonly string[]): void {
  const numbers = names.map((name, component) => `${name} ${component}`).join(", ");
  process.stderr.write(`emix: components by ${column}: ${numbers}\n`);
}
