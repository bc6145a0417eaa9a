import type { Column } from "./table.ts";

/** A column that no feature comes from, and why. */
export interface ColumnLeftOut {
  /** the name of the column */
  readonly name: string;
  /** in words, as "text" or "row number" */
  readonly reason: string;
  /** a value of it, as the file writes it; "" where the reason says all */
  readonly example: string;
  /** the option that would read it, its name between backticks; "" for none */
  readonly option: string;
}

/** Why no feature comes from a column. in: excluded, whether the caller said so */
export function leftOut(column: Column, excluded: boolean): ColumnLeftOut {
  const { name, type, example, option, kind, rowNumber } = column;
  if (excluded) return { name, reason: "as told", example: "", option: "" };
  if (rowNumber) return { name, reason: "row number", example: "", option: "" };
  if (kind === "number" || kind === "boolean" || kind === "list")
    return { name, reason: "not asked for", example: "", option: "" };
  return { name, reason: type, example, option };
}

/** A column and why, as a part of a sentence. */
export function leftOutWords({ name, reason, example, option }: ColumnLeftOut): string {
  const shown = example === "" ? "" : `, e.g. ${JSON.stringify(example.slice(0, 30))}`;
  return `${name} (${reason}${shown}${option === "" ? "" : `; ${option} reads it`})`;
}
