import { setImmediate } from "node:timers/promises";
import { ambiguousFile, emptyFile, endlessLine, strayQuote } from "../../errors.ts";
import { kindOf } from "../kinds.ts";
import { missingTokens, type TextOptions } from "../options.ts";
import { type Candidate, candidateFor, delimitersOf, isRegular, type Rest } from "./candidates.ts";
import type { Sample } from "./sample.ts";
import { chooseStyle, type StyleChoice } from "./styles.ts";

/** One way to read a file, with its share of what makes ways comparable. */
export interface WayToRead {
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
 * The way that explains a sample best.
 * @throws AMBIGUOUS_FILE, where two explain all of it; BAD_FILE, EMPTY_DATA
 */
export async function chooseReading(path: string, sample: Sample, given: TextOptions, rest: Rest): Promise<WayToRead> {
  const { delimiter } = given;
  const candidates: Candidate[] = [];
  for (const each of delimiter === undefined ? delimitersOf(sample) : [delimiter]) {
    const candidate = candidateFor(each, sample, rest);
    if (delimiter !== undefined || !isTaken(candidate, given)) candidates.push(candidate);
    await setImmediate();
  }
  const filled = candidates.filter(({ split }) => split.rows.length > 0);
  if (filled.length === 0 && !sample.complete && candidates.every(({ split }) => split.brokenAt === null))
    throw endlessLine(path, sample.head.length);
  if (filled.length === 0) likeliest(path, candidates);
  const regular = filled.filter(
    (each) =>
      isRegular(each) &&
      (each.width > 1 || each.delimiter === "" || delimiter !== undefined) &&
      !namesDivide(each, filled),
  );
  const readings: WayToRead[] = [];
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
  const { brokenAt, rows } = best.candidate.split;
  if (brokenAt !== null && rows.length === 1) throw strayQuote(path, brokenAt);
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
  if (broken !== undefined) throw strayQuote(path, broken.split.brokenAt ?? 1);
  if (candidates.every(({ split }) => split.rows.length === 0)) throw emptyFile(path);
  const several = candidates.filter(({ width }) => width > 1);
  const score = ({ share, delimiter }: Candidate) => share - (delimiter === " " ? 0.25 : 0);
  return (several.length > 0 ? several : candidates).reduce((one, other) => (score(other) > score(one) ? other : one));
}

function readingOf(candidate: Candidate, all: readonly Candidate[], given: TextOptions): WayToRead {
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
export function withFirst(values: readonly (readonly string[])[], first: readonly string[]): string[][] {
  if (first.length !== values.length) return values.map((column) => [...column]);
  return values.map((column, index) => (looksNumeric(first[index]) ? [first[index], ...column] : [...column]));
}

function looksNumeric(text: string): boolean {
  return /^[+-]?[\d.,'’_\s]*\d[\d.,'’_\s]*([eEdD][+-]?\d+)?$/.test(text.trim());
}

/** Where a point may stand between groups of digits: in files as Europeans write them. */
export function groupsByPoints(delimiter: string): boolean {
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

function rank({ candidate, style, whole, clean }: WayToRead): number {
  const written = candidate.delimiter === " " || candidate.delimiter === "" ? 0 : 0.5;
  return (
    (clean ? 4 : 0) + (whole ? 2 : 0) + written + (style.columns > 0 ? 1 : 0) + Math.min(0.4, style.columns / 1000)
  );
}

/** Whether two ways divide all records into the same fields, but for empty ones, which runs of blanks cannot show. */
function isSame(one: Candidate, other: Candidate): boolean {
  return one.split.rows.every((row, index) => {
    const [fields, others] = [notEmpty(row), notEmpty(other.split.rows[index] ?? [])];
    return fields.length === others.length && fields.every((text, field) => text === others[field]);
  });
}

function notEmpty(fields: readonly string[]): string[] {
  return fields.map((text) => text.trim()).filter(Boolean);
}

/** @throws AMBIGUOUS_FILE */
function refuseRivals(path: string, best: WayToRead, readings: readonly WayToRead[]): void {
  if (!best.whole || !best.clean) return;
  for (const other of readings) {
    if (other === best || !other.whole || !other.clean || isSame(best.candidate, other.candidate)) continue;
    const row = best.candidate.split.rows.length > 1 ? 1 : 0;
    throw ambiguousFile(path, best.candidate.split.lines[row], [wayOf(best, row, other), wayOf(other, row, best)]);
  }
}

function wayOf(
  { candidate, style }: WayToRead,
  row: number,
  { candidate: rival }: WayToRead,
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
export function columnsOf({ split, width }: Candidate, from: number): string[][] {
  const rows = split.rows.length > from ? split.rows.slice(from) : split.rows;
  const fitting = rows.filter((row) => row.length === width);
  return Array.from({ length: width }, (_, column) => fitting.map((row) => row[column]));
}

export function present(values: readonly string[], missing: ReadonlySet<string>): string[] {
  return values.filter((text) => !missing.has(text.trim()));
}
