import { type NumberStyle, numberIn, THOUSANDS } from "../numbers.ts";
import type { TextOptions } from "../options.ts";

/** Columns of values as written, those that are missing left out. */
export type Values = readonly (readonly string[])[];

export interface StyleChoice {
  readonly style: NumberStyle;
  /** how many columns are numbers throughout */
  readonly columns: number;
  /** another style that reads as many columns, but other numbers; with a value that the two read differently */
  readonly rival: { readonly style: NumberStyle; readonly example: string } | null;
}

/**
 * The way of writing numbers that makes numbers of the most columns. A point is the decimal sign unless something speaks
 * against it; `groupsByPoints` says whether "1.234" may be 1234 where nothing else tells.
 */
export function chooseStyle(values: Values, given: TextOptions, groupsByPoints: boolean): StyleChoice {
  const texts = values.map((column) => [...new Set(column)]);
  const judged = stylesFor(texts, given).map((style) => ({ style, ...judge(texts, style) }));
  const best = judged.reduce((one, other) => (isBetter(other, one) ? other : one));
  const rivals = judged.filter((other) => other.columns === best.columns && other.cells === best.cells);
  for (const { style } of rivals) {
    if (isPlain(best.style) && style.thousands === "." && !groupsByPoints) continue;
    const example = difference(texts, best.style, style);
    if (example !== undefined) return { style: best.style, columns: best.columns, rival: { style, example } };
  }
  return { style: best.style, columns: best.columns, rival: null };
}

function isPlain({ decimal, thousands }: NumberStyle): boolean {
  return decimal === "." && thousands === "";
}

interface JudgedStyle {
  readonly columns: number;
  readonly cells: number;
}

function isBetter(one: JudgedStyle, other: JudgedStyle): boolean {
  return one.columns > other.columns || (one.columns === other.columns && one.cells > other.cells);
}

function judge(values: Values, style: NumberStyle): JudgedStyle {
  let columns = 0;
  let cells = 0;
  for (const column of values) {
    const numbers = column.filter((text) => numberIn(text, style) !== undefined).length;
    cells += numbers;
    if (numbers === column.length && numbers > 0) columns++;
  }
  return { columns, cells };
}

/** A text that two styles read as different numbers, in a column that both read whole. */
function difference(values: Values, one: NumberStyle, other: NumberStyle): string | undefined {
  const whole = values.filter((column) =>
    column.every((text) => numberIn(text, one) !== undefined && numberIn(text, other) !== undefined),
  );
  return whole.flat().find((text) => !Object.is(numberIn(text, one), numberIn(text, other)));
}

/** The styles to try, the likeliest first. */
function stylesFor(values: Values, { decimal, thousands }: TextOptions): NumberStyle[] {
  const decimals = decimal === undefined ? [".", ","] : [decimal];
  const between = thousands === undefined ? ["", ...THOUSANDS.filter((sign) => groups(values, sign))] : [thousands];
  return between
    .flatMap((sign) => decimals.map((point) => ({ decimal: point, thousands: sign })))
    .filter((style) => style.decimal !== style.thousands);
}

function groups(values: Values, sign: string): boolean {
  return values.some((column) => column.some((text) => text.includes(sign)));
}
