import { countsRows } from "../row-numbers.ts";
import { type Column, PLAIN_COLUMN } from "../table.ts";
import type { Dialect } from "./dialect/dialect.ts";
import type { Kind } from "./kinds.ts";
import { type NumberStyle, numberIn, THOUSANDS } from "./numbers.ts";

/** The columns of a text. A name that comes twice, or none, gets one that tells it apart. */
export function columnsOf(dialect: Dialect, missing: ReadonlySet<string>): Column[] {
  const { kinds, style, columns, names } = dialect;
  const unique = uniqueNames(kinds.map((_, column) => names?.[column] ?? ""));
  return kinds.map((kind, column) => {
    const values = columns[column].filter((text) => !missing.has(text.trim()));
    const numbers = kind.kind === "number" ? values.map((text) => numberIn(text, style) ?? Number.NaN) : [];
    const named = names === null && column > 0 ? "column" : (names?.[column] ?? "");
    return {
      ...PLAIN_COLUMN,
      name: unique[column],
      kind: kind.kind,
      type: TYPES[kind.kind],
      length: kind.length,
      example: kind.example,
      rowNumber: kinds.length > 1 && countsRows(named, numbers),
      option: kind.kind === "text" ? optionThatReads(values) : kind.kind === "date" ? "`columns` name=epoch(…)" : "",
      note: kind.kind === "number" ? noteOn(values) : "",
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

/** What a reader should know of some numbers, as written. */
function noteOn(values: readonly string[]): string {
  if (values.some(isRounded)) return "integers beyond 2^53 are rounded";
  if (values.some(hasLeadingZero) && values.every(isDigits)) return "whole numbers with leading zeros, as codes have";
  return "";
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

/** The option that makes numbers of texts, in the library's words; "" for none. */
function optionThatReads(values: readonly string[]): string {
  for (const decimal of [".", ","]) {
    for (const thousands of ["", ...THOUSANDS].filter((sign) => sign !== decimal)) {
      if (values.every((text) => numberIn(text, { decimal, thousands }) !== undefined))
        return wordsFor({ decimal, thousands });
    }
  }
  const units = new Set(values.map(unitOf));
  return units.size === 1 && !units.has(null) ? "`columns` name=regexp_replace(…, '[^0-9.]', '', 'g')::DOUBLE" : "";
}

/** The currency or unit around a number, such as "%" or "kg"; null where the text is something else. */
function unitOf(text: string): string | null {
  const match = /^\s*([$€£¥]?)\s*[+-]?\d[\d.,]*\s*([%‰°€$£¥]|[a-zA-Zµ°/]{1,6})?\s*$/.exec(text);
  return match === null ? null : `${match[1]}${match[2] ?? ""}`;
}

function wordsFor({ decimal, thousands }: NumberStyle): string {
  const ofDecimal = decimal === "." ? "" : `\`decimal\` ${JSON.stringify(decimal)}`;
  const ofThousands = thousands === "" ? "" : `\`thousands\` ${JSON.stringify(thousands)}`;
  return [ofDecimal, ofThousands].filter(Boolean).join(" ");
}

/** Names that SQL can tell apart, which it does regardless of case: a, a_1, column2 for an empty one. */
function uniqueNames(fields: readonly string[]): string[] {
  const taken = new Set<string>();
  const suffixes = new Map<string, number>();
  return fields.map((field, column) => {
    const base = field.trim() === "" ? `column${column}` : field.trim().replace(/\s*[\r\n]+\s*/g, " ");
    let name = base;
    let suffix = suffixes.get(base.toLowerCase()) ?? 0;
    while (taken.has(name.toLowerCase())) name = `${base}_${++suffix}`;
    suffixes.set(base.toLowerCase(), suffix);
    taken.add(name.toLowerCase());
    return name;
  });
}
