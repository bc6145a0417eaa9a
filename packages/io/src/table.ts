import type { RowBatch } from "@emix/core";
import { rowNumbersIn } from "./row-numbers.ts";
import type { Kind } from "./text/kinds.ts";

/** A column of a file. */
export interface Column {
  readonly name: string;
  /** other: what is neither numbers nor lists of them, truth values, dates or text */
  readonly kind: Kind | "other";
  /** in words, as "text" or "DOUBLE[]" */
  readonly type: string;
  /** for a list: how many numbers each row has; NaN if rows differ */
  readonly length: number;
  /** a value, as the file writes it */
  readonly example: string;
  /** whether it only counts the rows */
  readonly rowNumber: boolean;
  /** the option that would read it as numbers, its name between backticks; "" for none */
  readonly option: string;
  /** what a reader should know of its numbers; "" for nothing */
  readonly note: string;
  /** the note holds where some |x| is as large as this */
  readonly noteFrom: number;
  /** whether f32 holds its numbers exactly */
  readonly single: boolean;
}

/** The part of a file that becomes one feature, or the weight. */
export type Source =
  | { readonly column: number; readonly element: number | null }
  | { readonly name: string; readonly expression: string };

/** Consecutive rows as SQL takes them, by column: numbers, texts, truth values and lists of numbers; null for none. */
export interface ValueBatch {
  readonly rowCount: number;
  readonly columns: readonly (readonly Value[])[];
}

/** What SQL takes the values of a column as. */
export type SqlType = "DOUBLE" | "BOOLEAN" | "VARCHAR" | "DOUBLE[]";

export type Value = number | string | boolean | readonly number[] | null;

/** Consecutive rows as the file writes them, by column; null for a value that is not there. */
export interface TextBatch {
  readonly rowCount: number;
  readonly columns: readonly (readonly (string | null)[])[];
}

/** How a text is written, as a reader should know it. */
export interface TextFacts {
  /** what stands between fields; " " for runs of blanks */
  readonly delimiter: string;
  /** "." or "," */
  readonly decimal: string;
  /** what stands between groups of three digits; "" for nothing */
  readonly thousands: string;
  /** where the names of the columns come from */
  readonly header: "seen" | "comment" | "none" | "given";
  /** as UTF-8 */
  readonly encoding: string;
}

/** An open file as rows and columns. */
export interface Table {
  readonly path: string;
  readonly format: string;
  readonly columns: readonly Column[];
  readonly text: TextFacts | null;
  /** How often each token for a missing value was met in the chosen columns, in the last pass over all rows. */
  readonly missing: ReadonlyMap<string, number>;
  /** What else a reader should know, after a pass over all rows. */
  readonly notes: readonly string[];
  /** How much of the file the pass under way has gone through, from 0 to 1; 0 where that is not known. */
  progress(): number;
  /** Rows, `limit` at most. */
  count(limit: number): Promise<number>;
  /** The numbers of these sources, row by row; NaN for none. */
  numbers(sources: readonly Source[], limit: number): AsyncIterable<RowBatch>;
  /** Columns of whatever kind as the file writes them; binary values in the shortest text that reads back the same. */
  texts(columns: readonly number[], limit: number): AsyncIterable<TextBatch>;
  /** The type of what an expression gives, after a look at its safety. @throws INVALID_OPTION, UNKNOWN_COLUMN */
  typeOf(name: string, expression: string): Promise<string>;
  close(): Promise<void>;
}

/** A table whose rows come one after another, for SQL to work on by the batch. */
export interface ValueTable extends Table {
  values(columns: readonly number[], limit: number): AsyncIterable<ValueBatch>;
}

export const PLAIN_COLUMN: Omit<Column, "name" | "kind" | "type"> = {
  length: 0,
  example: "",
  rowNumber: false,
  option: "",
  note: "",
  noteFrom: 0,
  single: false,
};

/** Of a column whose integers may have more digits than a double holds. */
export const WIDE_INTEGERS: Pick<Column, "note" | "noteFrom"> = {
  note: "whole numbers beyond 2^53 are rounded",
  noteFrom: 2 ** 53,
};

/** What a column of numbers is as a number of the row. in: name, "" for none; values, from the first row on */
export function rowFacts(name: string, values: readonly number[]): Partial<Column> {
  const found = rowNumbersIn(name, values);
  if (found === "none") return {};
  if (found === "number") return { rowNumber: true };
  return { note: `no number comes twice, as in identifiers; \`columns\` "-${name}" leaves it out`, noteFrom: 0 };
}

/** Whether a column can be read as numbers. */
export function isUsable({ kind }: Column): boolean {
  return kind === "number" || kind === "boolean" || kind === "list";
}
