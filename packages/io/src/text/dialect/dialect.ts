import { setImmediate } from "node:timers/promises";
import { ambiguousFile } from "../../errors.ts";
import { type KindOfColumn, kindOf } from "../kinds.ts";
import type { NumberStyle } from "../numbers.ts";
import { missingTokens, type TextOptions } from "../options.ts";
import type { Syntax } from "../records.ts";
import type { Candidate, Rest } from "./candidates.ts";
import { guessHeader } from "./header.ts";
import { chooseReading, columnsOf, groupsByPoints, present, type WayToRead, withFirst } from "./readings.ts";
import type { Sample } from "./sample.ts";
import { splitText } from "./split.ts";
import { chooseStyle, type StyleChoice } from "./styles.ts";

/** How a text is written. */
export interface Dialect {
  readonly syntax: Syntax;
  readonly style: NumberStyle;
  /** seen: the first record names the columns; comment: a comment above it does */
  readonly header: "seen" | "comment" | "none" | "given";
  /** fields of a record */
  readonly width: number;
  /** as written; null where nothing names the columns */
  readonly names: readonly string[] | null;
  readonly kinds: readonly KindOfColumn[];
  /** some of the values of each column, as written, missing ones too */
  readonly columns: readonly (readonly string[])[];
}

/** Whether the first record names the columns. */
export function hasHeader({ header, names }: Dialect): boolean {
  return header === "seen" || (header === "given" && names !== null);
}

/**
 * How a text is written, by the records of a sample. Nothing is guessed that the text leaves open: where two ways explain
 * all of it, the caller must choose.
 * @throws AMBIGUOUS_FILE, BAD_FILE
 */
export async function readDialect(path: string, sample: Sample, given: TextOptions): Promise<Dialect> {
  const told = firstLines(sample, given);
  const rest: Rest = { comment: told.comment, tokens: [...missingTokens(given)].filter(Boolean), skip: told.skip };
  const reading = await chooseReading(path, sample, { ...given, delimiter: told.delimiter }, rest);
  await setImmediate();
  return settle(path, sample, { given, rest, reading });
}

/** What the first lines say: Excel's sep=; and comments. */
function firstLines(
  sample: Sample,
  given: TextOptions,
): { delimiter: string | undefined; comment: string; skip: number } {
  const skip = given.skip ?? 0;
  const lines = sample.head
    .subarray(0, 1 << 16)
    .toString("utf8")
    .split(/\r\n|\n|\r/)
    .slice(skip);
  const sep = /^"?sep=(.)"?\s*$/i.exec(lines[0] ?? "")?.[1];
  const first = lines.find((line) => line.trim() !== "") ?? "";
  const token = [...missingTokens(given)].some((text) => text !== "" && first.startsWith(text));
  const seen = /^\s*([#%])/.exec(first)?.[1] ?? "";
  const comment = given.comment ?? (token ? "" : seen);
  return { delimiter: given.delimiter ?? sep, comment, skip: skip + (sep === undefined ? 0 : 1) };
}

/** What is known of a text's way so far. */
interface Told {
  readonly given: TextOptions;
  readonly rest: Rest;
  readonly reading: WayToRead;
}

/** The rest of a dialect, once it is known what divides the fields. @throws AMBIGUOUS_FILE */
function settle(path: string, sample: Sample, { given, rest, reading: { candidate } }: Told): Dialect {
  const { delimiter, width, rowNames } = candidate;
  const missing = missingTokens(given);
  const columns = columnsOf(candidate, 1);
  const syntax: Syntax = { delimiter, ...rest };
  for (const part of sample.further) addColumns(columns, splitText(part, { ...syntax, skip: 0 }, false).rows);
  const values = columns.map((column) => present(column, missing));
  const first = rowNames ? ["", ...candidate.split.rows[0]] : candidate.split.rows[0];
  const choice = chooseStyle(withFirst(values, first), given, groupsByPoints(delimiter));
  if (choice.rival !== null) throw ambiguousStyle(path, candidate, choice);
  const { style } = choice;
  const single = candidate.split.rows.length === 1;
  const kinds = values.map((column) => kindOf(column, style));
  const commented = rest.comment === "" ? null : namesInComment(sample, syntax, width);
  const header =
    given.header ??
    (single ? singleHeader(first, kinds) : headerOf(path, { candidate, first, values, kinds, style, missing }));
  const state =
    given.header === undefined
      ? header
        ? "seen"
        : commented === null
          ? "none"
          : "comment"
      : header
        ? "given"
        : "none";
  if (!header) addColumns(columns, single ? [] : [first], true);
  const names = header ? padNames(first, kinds) : state === "comment" ? commented : null;
  const below = single && header ? columns.map(() => []) : columns;
  const settled = header && !single ? kinds : below.map((column) => kindOf(present(column, missing), style));
  return { syntax, style, header: state, width, names, kinds: settled, columns: below };
}

/** Names, and none for fields beyond them that are empty throughout: separators at the ends of lines. */
function padNames(names: readonly string[], kinds: readonly KindOfColumn[]): string[] {
  const beyond = kinds.slice(names.length);
  return beyond.every(({ kind }) => kind === "empty") ? [...names, ...beyond.map(() => "")] : [...names];
}

function addColumns(columns: string[][], rows: readonly (readonly string[])[], front = false): void {
  for (const row of rows) {
    if (row.length !== columns.length) continue;
    for (const [column, values] of columns.entries()) {
      if (front) values.unshift(row[column]);
      else values.push(row[column]);
    }
  }
}

function singleHeader(first: readonly string[], kinds: readonly KindOfColumn[]): boolean {
  return first.length > 0 && kinds.every(({ kind }) => kind === "text");
}

interface Settling {
  readonly candidate: Candidate;
  readonly first: readonly string[];
  readonly values: readonly (readonly string[])[];
  readonly kinds: readonly KindOfColumn[];
  readonly style: NumberStyle;
  readonly missing: ReadonlySet<string>;
}

function headerOf(path: string, { candidate, first, values, kinds, style, missing }: Settling): boolean {
  if (candidate.rowNames) return true;
  if (first.length !== values.length) return true;
  const typed = kinds.map(({ kind }) => kind !== "text" && kind !== "empty");
  const numeric = kinds.map(({ kind }) => kind === "number");
  const counted =
    first[0].trim() === "" && numeric[0] && values[0].every((text, row) => Number(text) === row + Number(values[0][0]));
  if (counted && Number(values[0][0]) <= 1 && values[0].length > 1) return true;
  const guess = guessHeader({ first, below: values, typed, numeric, style, missing });
  if (guess !== "either") return guess === "header";
  const shown = `[${first.map((text) => text.trim()).join(" | ")}]`;
  throw ambiguousFile(path, candidate.split.lines[0], [
    { shown: `${shown} as names of columns`, choose: "`header: true`" },
    { shown: `${shown} as a point`, choose: "`header: false`" },
  ]);
}

function ambiguousStyle(path: string, candidate: Candidate, { style, rival }: StyleChoice): Error {
  const other = rival ?? { style, example: "" };
  const row = candidate.split.rows.findIndex((fields) => fields.includes(other.example));
  const signs = (each: NumberStyle) => {
    const sign =
      [...other.example].find((character) => character === each.thousands || character === each.decimal) ?? "";
    const value = each.thousands === sign ? other.example.replaceAll(sign, "") : other.example.replace(sign, ".");
    const choose = each.thousands === sign ? "thousands" : "decimal";
    return {
      shown: `${JSON.stringify(other.example)} as ${value.trim()}`,
      choose: `\`${choose}\` ${JSON.stringify(sign)}`,
    };
  };
  return ambiguousFile(path, candidate.split.lines[row] ?? 1, [signs(style), signs(other.style)]);
}

/** The names in the last comment above the first record, if it has as many as there are columns. */
function namesInComment(sample: Sample, syntax: Syntax, width: number): string[] | null {
  const lines = sample.head
    .toString("utf8")
    .split(/\r\n|\n|\r/)
    .slice(syntax.skip);
  const first = lines.findIndex((line) => line.trim() !== "" && !line.trimStart().startsWith(syntax.comment));
  const comment = lines.slice(0, Math.max(0, first)).findLast((line) => line.trim() !== "");
  if (comment === undefined) return null;
  let text = comment.trim();
  while (syntax.comment !== "" && text.startsWith(syntax.comment)) text = text.slice(syntax.comment.length);
  const [names] = splitText(Buffer.from(text.trimStart()), { ...syntax, comment: "", skip: 0 }, true).rows;
  return names?.length === width && names.every((name) => name.trim() !== "" && Number.isNaN(Number(name)))
    ? [...names]
    : null;
}
