import type { Dialect } from "./dialect/dialect.ts";
import { numberIn } from "./numbers.ts";

const WORDS =
  /^\W*((grand |sub-?)?totals?|sum|mean|average|avg|median|std|st\.? ?dev|min|max|minimum|maximum|count|summe|gesamt|insgesamt|mittelwert|durchschnitt|somme|moyenne|promedio|suma|media|totale|totaal)\b[\s:.]*$/i;
/** Rows below a table that tell of those above. */
const MOST_SUMMARIES = 4;
const FEWEST_ROWS = 4;
/** What sums of rounded numbers may differ by, relative to the largest. */
const ROUNDING = 1e-6;

/**
 * What the last row says if it tells of the rows above it, as a sum or mean does; null where it is a row like the others.
 * in: whole, whether the columns have all rows
 */
export function summaryIn({ columns, kinds, style }: Dialect, whole: boolean): string | null {
  for (const [column, { kind }] of kinds.entries()) {
    const values = columns[column];
    const found = kind === "text" ? values.filter((text) => WORDS.test(text)).length : 0;
    if (found > 0 && found <= MOST_SUMMARIES && found < values.length / 2 && WORDS.test(values.at(-1) ?? "")) {
      return `it says ${JSON.stringify(values.at(-1)?.trim())}`;
    }
  }
  const numbers = columns.filter((_, column) => kinds[column].kind === "number");
  const rows = numbers.map((texts) => texts.map((text) => numberIn(text, style) ?? Number.NaN));
  if (!whole || rows.length < 2 || !rows.every((values) => values.length > FEWEST_ROWS)) return null;
  return rows.every(endsInSum) ? "it is the sum of those above" : null;
}

/** Whether the last number is the sum of the others, which are not all 0. */
function endsInSum(values: readonly number[]): boolean {
  const last = values.at(-1) ?? Number.NaN;
  const above = values.slice(0, -1);
  const sum = above.reduce((total, value) => total + value, 0);
  const largest = above.reduce((total, value) => total + Math.abs(value), 0);
  return largest > 0 && Math.abs(last - sum) <= ROUNDING * largest;
}
