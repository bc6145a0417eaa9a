import { secondsOf } from "../sql/dates.ts";
import type { Kind } from "./kinds.ts";
import { type NumberStyle, numberIn, THOUSANDS } from "./numbers.ts";

const PLAIN: NumberStyle = { decimal: ".", thousands: "" };
const STYLES: readonly NumberStyle[] = [".", ","].flatMap((decimal) =>
  ["", ...THOUSANDS].filter((sign) => sign !== decimal).map((thousands) => ({ decimal, thousands })),
);

/** The option that makes numbers of texts or dates, in the library's words; "" for none. in: kind, text or date; style, of the file's numbers */
export function optionThatReads(values: readonly string[], kind: Kind, style: NumberStyle): string {
  const reading = STYLES.find((each) => readsAll(values, each));
  if (reading !== undefined) return wordsFor(reading);
  const words = new Set(values.filter((text) => numberIn(text, style) === undefined).map((text) => text.trim()));
  const [word] = words;
  if (words.size === 1 && values.length > 1 && values.some((text) => text.trim() !== word))
    return `\`na\` ${JSON.stringify(word)}`;
  const seconds = secondsOf(values, kind === "date");
  return seconds === "" ? withoutUnit(values) : `\`columns\` name=${seconds}`;
}

function readsAll(values: readonly string[], style: NumberStyle): boolean {
  return values.every((text) => numberIn(text, style) !== undefined);
}

/** The expression that takes away a currency or unit, where there is one and the numbers can be read in one way only. */
function withoutUnit(values: readonly string[]): string {
  const parts = values.map(partsOf);
  const units = new Set(parts.map((part) => part?.unit));
  const numbers = parts.map((part) => part?.number ?? "");
  const ways = STYLES.filter((style) => readsAll(numbers, style));
  const [way] = ways;
  if (units.size !== 1 || units.has(undefined) || way === undefined) return "";
  const isOneWay = ways.every((other) => numbers.every((text) => numberIn(text, other) === numberIn(text, way)));
  if (!isOneWay && !readsAll(numbers, PLAIN)) return "";
  const digits = `regexp_replace(…, '[^0-9${way.decimal}-]', '', 'g')`;
  return `\`columns\` name=${way.decimal === "." ? digits : `replace(${digits}, ',', '.')`}::DOUBLE`;
}

/** A number and the currency or unit around it, such as "%" or "kg"; null where the text is something else. */
function partsOf(text: string): { readonly number: string; readonly unit: string } | null {
  const match = /^\s*([$€£¥]?)\s*([+-]?\d[\d.,]*)\s*([%‰°€$£¥]|[a-zA-Zµ°/]{1,6})?\s*$/.exec(text);
  return match === null ? null : { number: match[2], unit: `${match[1]}${match[3] ?? ""}` };
}

function wordsFor({ decimal, thousands }: NumberStyle): string {
  const ofDecimal = decimal === "." ? "" : `\`decimal\` ${JSON.stringify(decimal)}`;
  const ofThousands = thousands === "" ? "" : `\`thousands\` ${JSON.stringify(thousands)}`;
  return [ofDecimal, ofThousands].filter(Boolean).join(" ");
}
