import { type NumberStyle, numberIn } from "./numbers.ts";

/** What the values of a column are. */
export type Kind = "number" | "boolean" | "date" | "list" | "text" | "empty";

export interface KindOfColumn {
  readonly kind: Kind;
  /** how many elements a list has */
  readonly length: number;
  /** a value of the column, as written; one that is no number where the kind is not number */
  readonly example: string;
  /** whether all values are of this kind */
  readonly pure: boolean;
}

const BOOLEAN = /^(true|false)$/i;
const DAY = "\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}|\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4}";
const TIME = "\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?( ?[AaPp][Mm])?";
const DATE = new RegExp(`^((${DAY})([T ]${TIME}(Z| ?[+-]\\d{2}(:?\\d{2})?)?)?|${TIME})$`);

/**
 * What a column holds, by some of its values, those that are missing left out. A column that is mostly numbers is of
 * numbers, so that anything else in it is an error and never a missing value.
 */
export function kindOf(values: readonly string[], style: NumberStyle): KindOfColumn {
  if (values.length === 0) return { kind: "empty", length: 0, example: "", pure: true };
  const other = values.filter((value) => numberIn(value, style) === undefined);
  if (2 * other.length <= values.length) {
    return { kind: "number", length: 0, example: other[0] ?? values[0], pure: other.length === 0 };
  }
  const example = other[0];
  if (values.every((value) => BOOLEAN.test(value.trim()))) return { kind: "boolean", length: 0, example, pure: true };
  if (values.every((value) => DATE.test(value.trim()))) return { kind: "date", length: 0, example, pure: true };
  const length = lengthOfLists(values);
  if (length > 0) return { kind: "list", length, example, pure: true };
  return { kind: "text", length: 0, example, pure: false };
}

/** The common length of texts such as "[1, 2.5, 3]"; 0 where they are no lists of numbers. */
function lengthOfLists(values: readonly string[]): number {
  const lists = values.slice(0, 50).map(listIn);
  return lists.every((list) => list !== undefined) ? (lists[0]?.length ?? 0) : 0;
}

const PLAIN: NumberStyle = { decimal: ".", thousands: "" };

/** The numbers of a text such as "[1, 2.5, null]" or, as NumPy prints, "[1.  2.5]"; undefined where it is no list. */
export function listIn(text: string): number[] | undefined {
  const [, bracket, inside = ""] = /^\s*([[(])\s*(.*?)\s*[\])]\s*$/s.exec(text) ?? [];
  if (inside === "") return undefined;
  const parts = inside.includes(",") ? inside.split(",") : inside.split(/\s+/);
  // Accountants write (1.5) for −1.5.
  if (bracket === "(" && parts.length === 1) return undefined;
  const numbers: number[] = [];
  for (const part of parts) {
    const value = /^\s*(null|none|na)\s*$/i.test(part) ? Number.NaN : numberIn(part, PLAIN);
    if (value === undefined) return undefined;
    numbers.push(value);
  }
  return numbers;
}

/** 0, 1, or undefined. */
export function booleanIn(text: string): number | undefined {
  const trimmed = text.trim();
  return BOOLEAN.test(trimmed) ? Number(trimmed.toLowerCase() === "true") : undefined;
}
