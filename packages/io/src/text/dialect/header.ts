import { greatest, least } from "@emix/core";
import { type NumberStyle, numberIn } from "../numbers.ts";

export type HeaderGuess = "header" | "none" | "either";

/** A first record, and the columns below it. */
export interface Top {
  readonly first: readonly string[];
  /** values as written, those that are missing left out */
  readonly below: readonly (readonly string[])[];
  /** whether a column below is of numbers, truth values, dates or lists */
  readonly typed: readonly boolean[];
  readonly numeric: readonly boolean[];
  readonly style: NumberStyle;
  readonly missing: ReadonlySet<string>;
}

/** Fewer rows show no range that a first row could lie outside of. */
const FEWEST_ROWS = 5;

/**
 * Whether a first record names the columns. A column of numbers that it has no number for shows that it does. If it has
 * numbers everywhere, it is a header where they rise or fall evenly and lie far outside the columns below (years,
 * wavelengths), data where nothing sets it apart, and either where something does.
 */
export function guessHeader(top: Top): HeaderGuess {
  const { first, typed, missing, numeric } = top;
  const telling = first
    .map((_, column) => column)
    .filter((column) => typed[column] && !missing.has(first[column].trim()));
  const numbers = telling.filter((column) => isNumber(top, column));
  if (!typed.includes(true)) return first.some((_, column) => isNumber(top, column)) ? "none" : "header";
  const words = telling.filter((column) => numeric[column] && !isNumber(top, column));
  if (2 * words.length > telling.filter((column) => numeric[column]).length) return "header";
  if (telling.some((column) => !numeric[column]) && !numbers.some((column) => numeric[column])) return otherTypes(top);
  if (words.length > 0) return "none";
  return ofNumbers(
    top,
    numbers.filter((column) => numeric[column]),
  );
}

function isNumber({ first, style }: Top, column: number): boolean {
  return numberIn(first[column], style) !== undefined;
}

/** Truth values, dates and lists alone: a header has words where they are. */
function otherTypes({ first, typed, below }: Top): HeaderGuess {
  const alike = first.every((text, column) => !typed[column] || shapeOf(text) === shapeOf(below[column][0] ?? text));
  return alike ? "none" : "header";
}

function shapeOf(text: string): string {
  return /^\s*(true|false)\s*$/i.test(text) ? "truth" : text.trim().replace(/\d+/g, "0").slice(0, 3);
}

function ofNumbers(top: Top, columns: readonly number[]): HeaderGuess {
  const first = columns.map((column) => numberIn(top.first[column], top.style) as number);
  const rows = greatest([0, ...columns.map((column) => top.below[column].length)]);
  if (columns.length === 0 || rows === 0 || new Set(first).size < first.length) return "none";
  const whole = isWhole(top, columns);
  const outside =
    rows >= FEWEST_ROWS && columns.every((column, index) => liesOutside(first[index], numbersBelow(top, column)));
  if (columns.length === 1) return outside || (whole && first[0] === 0) ? "either" : "none";
  const ordered = columns.length > 2 && isOrdered(first) && !isUsual(top, columns, isOrdered);
  const even = columns.length > 2 && isEven(first) && !isUsual(top, columns, isEven);
  if ((ordered || even) && outside) return "header";
  const integers = first.every(Number.isInteger);
  return (ordered && whole) || even || (outside && integers) ? "either" : "none";
}

function numbersBelow({ below, style }: Top, column: number): number[] {
  return below[column].map((text) => numberIn(text, style) ?? Number.NaN).filter(Number.isFinite);
}

function isOrdered(values: readonly number[]): boolean {
  const rises = values.slice(1).map((value, index) => value > values[index]);
  return rises.every((rise) => rise) || rises.every((rise) => !rise);
}

function isEven(values: readonly number[]): boolean {
  const step = values[1] - values[0];
  if (step === 0) return false;
  return values.slice(1).every((value, index) => Math.abs(value - values[index] - step) < 1e-9 * Math.abs(step));
}

/** Whether many rows below have some property too, so that the first one's tells nothing. */
function isUsual(top: Top, columns: readonly number[], has: (row: readonly number[]) => boolean): boolean {
  const below = columns.map((column) => numbersBelow(top, column));
  const rows = least(below.map((column) => column.length));
  let having = 0;
  for (let row = 0; row < rows; row++) if (has(below.map((column) => column[row]))) having++;
  return 4 * having > rows;
}

/** Far from all values: by more than their whole range, or where they are all alike, at all. */
function liesOutside(value: number, below: readonly number[]): boolean {
  if (below.length === 0) return true;
  const least = below.reduce((one, other) => Math.min(one, other));
  const most = below.reduce((one, other) => Math.max(one, other));
  return value > most + (most - least) || value < least - (most - least);
}

/** Whether the first record is of integers, and the columns below of anything but. */
function isWhole({ first, below }: Top, columns: readonly number[]): boolean {
  const isInteger = (text: string) => /^\s*[+-]?\d+\s*$/.test(text);
  return columns.every(
    (column) => isInteger(first[column]) && below[column].length > 2 && !below[column].some(isInteger),
  );
}
