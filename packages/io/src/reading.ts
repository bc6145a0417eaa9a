import { printable } from "./errors.ts";
import { type ColumnLeftOut, leftOutWords } from "./left-out.ts";
import type { TextFacts } from "./table.ts";
import { groupThousands } from "./thousands.ts";

/** What was read of a file, as data: what a caller should check before trusting a fit. */
export interface Reading {
  /** more than one where several files, or a pattern, were given */
  readonly paths: readonly string[];
  /** as the option `format` has it */
  readonly format: string;
  /** rows of the file that were read */
  readonly rows: number;
  /** how many of them were left out because they lack a number */
  readonly dropped: number;
  /** the features, in order */
  readonly columns: readonly ReadColumn[];
  /** what the weights come from; null: every point weighs 1 */
  readonly weight: ReadColumn | null;
  /** columns of the file that no feature comes from */
  readonly leftOut: readonly ColumnLeftOut[];
  /** how a text is written; null for other files */
  readonly text: TextFacts | null;
  /** how often each token for a missing value was met in the chosen columns; "" for an empty field */
  readonly missing: Readonly<Record<string, number>>;
  /** whether a text was read by the option `like`; absent if that was not given */
  readonly like?: boolean;
  /** what else a reader should know */
  readonly notes: readonly string[];
}

/** A feature, or the weight, and what it was made of. */
export interface ReadColumn {
  /** the name of the feature */
  readonly name: string;
  /** what it was made of: a column of the file, an element of one, or a SQL expression */
  readonly from: string;
  /** what its values were in the file */
  readonly kind: "number" | "boolean" | "list" | "expression";
}

const MOST_SHOWN = 12;

/** A reading in one line; names of options stand between backticks. */
export function readingLine(reading: Reading): string {
  const { rows, dropped, text, weight, leftOut, notes } = reading;
  const parts = [
    `${groupThousands(rows)} rows${dropped > 0 ? `, ${groupThousands(dropped)} of them left out for want of a number` : ""}`,
    ...(text === null ? [reading.format] : textWords(text)),
    `columns ${shortList(reading.columns.map(columnWords))}`,
    ...(weight === null ? [] : [`weights ${columnWords(weight)}`]),
    ...(leftOut.length === 0 ? [] : [`left out: ${shortList(leftOut.map(leftOutWords))}`]),
    ...missingWords(reading),
    ...likeWords(reading),
    ...notes,
  ];
  return printable(`read ${pathWords(reading.paths)}: ${parts.join("; ")}`);
}

function pathWords(paths: readonly string[]): string {
  return paths.length === 1 ? paths[0] : `${paths.length} files (${paths[0]} … ${paths.at(-1)})`;
}

function textWords({ delimiter, decimal, thousands, header, encoding }: TextFacts): string[] {
  const names: Readonly<Record<string, string>> = { "\t": "tab", " ": "blanks", "": "none" };
  const signs = [
    `delimiter ${names[delimiter] ?? JSON.stringify(delimiter)}`,
    ...(decimal === "." ? [] : [`decimal ${JSON.stringify(decimal)}`]),
    ...(thousands === "" ? [] : [`thousands ${JSON.stringify(thousands)}`]),
    ...(encoding === "UTF-8" ? [] : [encoding]),
  ];
  const headers = { seen: "header", given: "header", comment: "header in a comment", none: "no header" };
  return [signs.join(", "), headers[header]];
}

function likeWords({ like }: Reading): string[] {
  if (like === undefined) return [];
  return [like ? "read as the points of the model were" : "not written as the points of the model were"];
}

function columnWords({ name, from, kind }: ReadColumn): string {
  if (kind === "expression") return `${name}=${from}`;
  const facts = [...(name === from ? [] : [`from ${from}`]), ...(kind === "boolean" ? ["true as 1, false as 0"] : [])];
  return facts.length === 0 ? name : `${name} (${facts.join(", ")})`;
}

function missingWords({ missing }: Reading): string[] {
  const tokens = Object.entries(missing).map(
    ([token, times]) => `${token === "" ? "empty" : token} × ${groupThousands(times)}`,
  );
  return tokens.length === 0 ? [] : [`missing: ${tokens.join(", ")}`];
}

/** A list of many in as many as a line takes; the last one too, for names that count. */
function shortList(words: readonly string[]): string {
  if (words.length <= MOST_SHOWN) return words.join(", ");
  return `${words.slice(0, MOST_SHOWN - 1).join(", ")}, … ${words.at(-1)} (${groupThousands(words.length)} in all)`;
}
