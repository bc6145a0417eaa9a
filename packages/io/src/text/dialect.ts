import { setImmediate } from "node:timers/promises";
import { ambiguousFile, badFile, emptyFile } from "../errors.ts";
import { type Candidate, candidateFor, DELIMITERS, isRegular, type Rest } from "./candidates.ts";
import { guessHeader } from "./header.ts";
import { type KindOfColumn, kindOf } from "./kinds.ts";
import type { NumberStyle } from "./numbers.ts";
import { missingTokens, type TextOptions } from "./options.ts";
import type { Syntax } from "./records.ts";
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

/** One way to read a file, with its share of what makes ways comparable. */
interface Reading {
  readonly candidate: Candidate;
  readonly style: StyleChoice;
  /** whether every column is of numbers */
  readonly whole: boolean;
  /** whether some column is of anything but text */
  readonly usable: boolean;
  /** whether no column holds what another delimiter would divide */
  readonly clean: boolean;
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
  return settle(path, sample, given, rest, reading);
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

async function chooseReading(path: string, sample: Sample, given: TextOptions, rest: Rest): Promise<Reading> {
  const { delimiter } = given;
  const candidates: Candidate[] = [];
  for (const each of delimiter === undefined ? DELIMITERS : [delimiter]) {
    const candidate = candidateFor(each, sample, rest);
    if (delimiter !== undefined || !isTaken(candidate, given)) candidates.push(candidate);
    await setImmediate();
  }
  const filled = candidates.filter(({ split }) => split.rows.length > 0);
  if (filled.length === 0) likeliest(path, candidates);
  const regular = filled.filter(
    (each) =>
      isRegular(each) &&
      (each.width > 1 || each.delimiter === "" || delimiter !== undefined) &&
      !namesDivide(each, filled),
  );
  const readings: Reading[] = [];
  for (const candidate of regular.length > 0 ? regular : [likeliest(path, filled)]) {
    readings.push(readingOf(candidate, filled, given));
    await setImmediate();
  }
  let best = readings.reduce((one, other) => (rank(other) > rank(one) ? other : one));
  if (!best.usable || (best.candidate.delimiter === "" && !best.whole && dividing(filled).length > 0)) {
    // Better an error about a line of the likeliest way than columns of text by another.
    const other = readingOf(likeliest(path, filled), filled, given);
    if (other.usable) best = other;
  }
  refuseRivals(path, best, readings);
  return best;
}

/** A sign that the caller gave to numbers does not part fields, unless those that hold it are quoted. */
function isTaken({ delimiter, split }: Candidate, { decimal, thousands }: TextOptions): boolean {
  if (delimiter === "" || (delimiter !== decimal && delimiter !== thousands)) return false;
  return !split.rows.some((row) => row.some((text) => text.includes(delimiter)));
}

/** Of candidates with records of unequal widths, the one that divides most records alike. */
function likeliest(path: string, candidates: readonly Candidate[]): Candidate {
  const broken = candidates.find(({ split }) => split.brokenAt !== null && split.rows.length === 0);
  if (broken !== undefined)
    throw badFile(path, `line ${broken.split.brokenAt} has a stray quote`, { line: broken.split.brokenAt });
  if (candidates.every(({ split }) => split.rows.length === 0)) throw emptyFile(path);
  const several = candidates.filter(({ width }) => width > 1);
  const score = ({ share, delimiter }: Candidate) => share - (delimiter === " " ? 0.25 : 0);
  return (several.length > 0 ? several : candidates).reduce((one, other) => (score(other) > score(one) ? other : one));
}

function readingOf(candidate: Candidate, all: readonly Candidate[], given: TextOptions): Reading {
  const { delimiter } = candidate;
  const missing = missingTokens(given);
  const values = columnsOf(candidate, 1).map((column) => present(column, missing));
  const style = chooseStyle(withFirst(values, candidate.split.rows[0]), given, groupsByPoints(delimiter));
  const kinds = values.map((column) => kindOf(column, style.style));
  const filled = kinds.filter(({ kind }) => kind !== "empty");
  const others = all.filter(
    (other) => other.delimiter !== "" && other.delimiter !== delimiter && other.width > 1 && other.share === 1,
  );
  const clean = kinds.every(
    ({ kind }, column) => kind !== "text" || !others.some((other) => divides(other, values[column])),
  );
  const whole = filled.length > 0 && filled.every(({ kind, pure }) => kind === "number" && pure);
  const usable = filled.some(({ kind }) => kind !== "text");
  return { candidate, style, whole, usable, clean };
}

/** The values below a first record, and those of its fields that look like numbers: it may be a point too. */
function withFirst(values: readonly (readonly string[])[], first: readonly string[]): string[][] {
  if (first.length !== values.length) return values.map((column) => [...column]);
  return values.map((column, index) => (looksNumeric(first[index]) ? [first[index], ...column] : [...column]));
}

function looksNumeric(text: string): boolean {
  return /^[+-]?[\d.,'’_\s]*\d[\d.,'’_\s]*([eEdD][+-]?\d+)?$/.test(text.trim());
}

/** Where a point may stand between groups of digits: in files as Europeans write them. */
function groupsByPoints(delimiter: string): boolean {
  return delimiter === ";" || delimiter === "\t" || delimiter === "|";
}

function divides({ delimiter }: Candidate, values: readonly string[]): boolean {
  const parts = delimiter === " " ? /\S\s+\S/ : undefined;
  return (
    values.length > 0 && values.every((text) => (parts === undefined ? text.includes(delimiter) : parts.test(text)))
  );
}

/** Whether one field a line is wrong because the first line has names, as many as another delimiter makes fields below. */
function namesDivide({ delimiter, split }: Candidate, all: readonly Candidate[]): boolean {
  if (delimiter !== "" || split.rows.length < 2) return false;
  return dividing(all).some(({ split: { rows }, width }) => rows[0].length === width && !rows[0].every(looksNumeric));
}

/** Ways that make several fields of most records. */
function dividing(all: readonly Candidate[]): Candidate[] {
  return all.filter(({ delimiter, width, share }) => delimiter !== "" && width > 1 && share >= 0.5);
}

function rank({ candidate, style, whole, clean }: Reading): number {
  const written = candidate.delimiter === " " || candidate.delimiter === "" ? 0 : 0.5;
  return (
    (clean ? 4 : 0) + (whole ? 2 : 0) + written + (style.columns > 0 ? 1 : 0) + Math.min(0.4, style.columns / 1000)
  );
}

/** Whether two ways divide all records into the same fields. */
function isSame(one: Candidate, other: Candidate): boolean {
  return one.split.rows.every((row, index) => {
    const fields = other.split.rows[index];
    return row.length === fields?.length && row.every((text, field) => text.trim() === fields[field].trim());
  });
}

/** @throws AMBIGUOUS_FILE */
function refuseRivals(path: string, best: Reading, readings: readonly Reading[]): void {
  if (!best.whole || !best.clean) return;
  for (const other of readings) {
    if (other === best || !other.whole || !other.clean || isSame(best.candidate, other.candidate)) continue;
    const row = best.candidate.split.rows.length > 1 ? 1 : 0;
    throw ambiguousFile(path, best.candidate.split.lines[row], [wayOf(best, row, other), wayOf(other, row, best)]);
  }
}

function wayOf(
  { candidate, style }: Reading,
  row: number,
  { candidate: rival }: Reading,
): { shown: string; choose: string } {
  const shown = `[${candidate.split.rows[row].map((text) => text.trim()).join(" | ")}]`;
  const sign = style.style.decimal === rival.delimiter ? "decimal" : "thousands";
  const choose =
    candidate.delimiter === ""
      ? `\`${sign}\` ${JSON.stringify(rival.delimiter)}`
      : `\`delimiter\` ${JSON.stringify(candidate.delimiter)}`;
  return { shown, choose };
}

/** The values of each column of a candidate's records, from this one on; records of another width left out. */
function columnsOf({ split, width }: Candidate, from: number): string[][] {
  const rows = split.rows.length > from ? split.rows.slice(from) : split.rows;
  const fitting = rows.filter((row) => row.length === width);
  return Array.from({ length: width }, (_, column) => fitting.map((row) => row[column]));
}

function present(values: readonly string[], missing: ReadonlySet<string>): string[] {
  return values.filter((text) => !missing.has(text.trim()));
}

/** The rest of a dialect, once it is known what divides the fields. @throws AMBIGUOUS_FILE */
function settle(path: string, sample: Sample, given: TextOptions, rest: Rest, { candidate }: Reading): Dialect {
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
  const names = header ? padded(first, kinds) : state === "comment" ? commented : null;
  const below = single && header ? columns.map(() => []) : columns;
  const settled = header && !single ? kinds : below.map((column) => kindOf(present(column, missing), style));
  return { syntax, style, header: state, width, names, kinds: settled, columns: below };
}

/** Names, and none for fields beyond them that are empty throughout: separators at the ends of lines. */
function padded(names: readonly string[], kinds: readonly KindOfColumn[]): string[] {
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
    .subarray(0, 1 << 16)
    .toString("utf8")
    .split(/\r\n|\n|\r/)
    .slice(syntax.skip);
  const first = lines.findIndex((line) => line.trim() !== "" && !line.trimStart().startsWith(syntax.comment));
  const comment = lines.slice(0, Math.max(0, first)).findLast((line) => line.trim() !== "");
  if (comment === undefined) return null;
  const text = comment.trim().replace(new RegExp(`^[${syntax.comment}]+\\s*`), "");
  const [names] = splitText(Buffer.from(text), { ...syntax, comment: "", skip: 0 }, true).rows;
  return names?.length === width && names.every((name) => name.trim() !== "" && Number.isNaN(Number(name)))
    ? [...names]
    : null;
}
