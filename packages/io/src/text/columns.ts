import { greatest, least } from "@emix/core";
import { type Column, PLAIN_COLUMN, rowFacts } from "../table.ts";
import type { Dialect } from "./dialect/dialect.ts";
import type { Kind } from "./kinds.ts";
import { numberIn } from "./numbers.ts";
import { optionThatReads } from "./text-option.ts";

/** The columns of a text. A name that comes twice, or none, gets one that tells it apart. */
export function columnsOf(dialect: Dialect, missing: ReadonlySet<string>): Column[] {
  const { kinds, style, columns, names } = dialect;
  const unique = uniqueNames(kinds.map((_, column) => names?.[column] ?? ""));
  return kinds.map((kind, column) => {
    const values = columns[column].filter((text) => !missing.has(text.trim()));
    const numbers = kind.kind === "number" ? values.map((text) => numberIn(text, style) ?? Number.NaN) : [];
    const named = names?.[column] ?? (column === 0 ? "row" : "column");
    return {
      ...PLAIN_COLUMN,
      name: unique[column],
      kind: kind.kind,
      type: TYPES[kind.kind],
      length: kind.length,
      example: kind.example,
      option: kind.kind === "text" || kind.kind === "date" ? optionThatReads(values, kind.kind, style) : "",
      note: kind.kind === "number" ? noteOn(values, numbers) : "",
      ...(kinds.length > 1 ? rowFacts(named, numbers) : {}),
    };
  });
}

const TYPES: Readonly<Record<Kind, string>> = {
  number: "numbers",
  boolean: "true or false",
  date: "dates",
  list: "lists of numbers",
  text: "text",
  empty: "no values",
};

/** What a reader should know of some numbers. in: values, as written; numbers, what they are */
function noteOn(values: readonly string[], numbers: readonly number[]): string {
  const candidates = [...new Set(values)].filter((text) => STAND_IN.test(text));
  const stand = candidates.find((text) => standsApart(numbers[values.indexOf(text)], numbers));
  if (stand !== undefined)
    return `${stand.trim()} lies far from all others; \`na\` "${stand.trim()}" if it stands for no value`;
  if (values.some(isRounded)) return "integers beyond 2^53 are rounded";
  if (values.some(hasLeadingZero) && values.every(isDigits)) return "whole numbers with leading zeros, as codes have";
  return "";
}

/** What people write where a number is missing. */
const STAND_IN = /^\s*(-?9{2,}(\.(0+|25|9+))?|-?32768|-?1e\+?20)\s*$/i;
const FEWEST_OTHERS = 5;

/** Whether a value that comes more than once lies farther from all others than they do from each other. */
function standsApart(value: number, numbers: readonly number[]): boolean {
  const others = numbers.filter((each) => each !== value && Number.isFinite(each));
  const lowest = least(others);
  const highest = greatest(others);
  const reach = highest - lowest;
  const far = value < lowest - reach || value > highest + reach;
  return others.length >= FEWEST_OTHERS && numbers.filter((each) => each === value).length > 1 && far;
}

function isDigits(text: string): boolean {
  return /^\s*\d+\s*$/.test(text);
}

function hasLeadingZero(text: string): boolean {
  return /^\s*0\d/.test(text);
}

function isRounded(text: string): boolean {
  const value = /^\s*[+-]?\d{16,}\s*$/.test(text) ? Number(text) : 0;
  return Math.abs(value) > Number.MAX_SAFE_INTEGER && Number.isFinite(value) && BigInt(text.trim()) !== BigInt(value);
}

/** Names that SQL can tell apart, which it does regardless of case: a, a_1, column2 for an empty one. */
function uniqueNames(fields: readonly string[]): string[] {
  const taken = new Set<string>();
  const suffixes = new Map<string, number>();
  return fields.map((field, column) => {
    const plain = field.replace(/\s*[\r\n]+\s*|\p{Cc}/gu, " ").trim();
    const base = plain === "" ? `column${column}` : plain;
    let name = base;
    let suffix = suffixes.get(base.toLowerCase()) ?? 0;
    while (taken.has(name.toLowerCase())) name = `${base}_${++suffix}`;
    suffixes.set(base.toLowerCase(), suffix);
    taken.add(name.toLowerCase());
    return name;
  });
}
