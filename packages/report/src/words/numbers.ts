// Numbers for people. All text uses the true minus sign; exact values keep the hyphen, so that they can be searched for.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NARROW_SPACE = "\u202f";

/** Decimals that show `deviation` to a tenth of itself or finer; negative where tens or hundreds suffice. */
export function decimalsFor(deviation: number): number {
  return Math.ceil(1 - Math.log10(deviation) - 1e-9);
}

export interface Measure {
  readonly mean: string;
  readonly deviation: string;
  /** "" or a power of ten that both are multiplied by */
  readonly power: string;
}

/** A mean and its standard deviation, to a tenth of the deviation: 5.01 and 0.35. */
export function measure(mean: number, deviation: number): Measure {
  if (!(deviation > 0) || !Number.isFinite(decimalsFor(deviation))) {
    return { mean: exactly(mean), deviation: exactly(deviation), power: "" };
  }
  const decimals = decimalsFor(deviation);
  const exponent = exponentFor(mean, deviation, decimals);
  const scale = (value: number) => toFixed(value / 10 ** exponent, decimals + exponent);
  return { mean: scale(mean), deviation: scale(deviation), power: exponent === 0 ? "" : powerOfTen(exponent) };
}

/** A mean alone, as measure writes it. */
export function around(mean: number, deviation: number): string {
  const { mean: text, power } = measure(mean, deviation);
  return text + power;
}

export function meanAndDeviation(mean: number, deviation: number): string {
  const { mean: text, deviation: spread, power } = measure(mean, deviation);
  return power === "" ? `${text} ± ${spread}` : `(${text} ± ${spread})${power}`;
}

/** The exponent of a power of ten that shortens both numbers, 0 where plain digits are short enough. */
function exponentFor(mean: number, deviation: number, decimals: number): number {
  const exponent = Math.floor(Math.log10(Math.max(Math.abs(mean), deviation)));
  const long = exponent >= 9 && decimals <= -3;
  return long || exponent < -4 ? exponent : 0;
}

function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `${NARROW_SPACE}×${NARROW_SPACE}10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** in: decimals, negative to round to tens or hundreds */
export function toFixed(value: number, decimals: number): string {
  const unit = 10 ** -decimals;
  const rounded = decimals < 0 ? Math.round(value / unit) * unit : value;
  return groupThousands(rounded.toFixed(Math.min(100, Math.max(0, decimals))));
}

/** A number that stands alone, to six digits at most. */
export function quantity(value: number): string {
  if (!Number.isFinite(value)) return exactly(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e12 || size < 1e-4)) {
    const exponent = Math.floor(Math.log10(size));
    return withMinus(String(Number((value / 10 ** exponent).toPrecision(4)))) + powerOfTen(exponent);
  }
  return groupThousands(String(size >= 1e5 ? Math.round(value) : Number(value.toPrecision(6))));
}

export function count(value: number): string {
  return groupThousands(String(value));
}

/** "1 row", "2 rows" */
export function countOf(value: number, noun: string): string {
  return `${count(value)}\u00a0${noun}${value === 1 ? "" : "s"}`;
}

/** A share of 1 as per cent; small ones keep a decimal, and no group has 0 %. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value > 0 && value < 0.1) return `under 0.1${NARROW_SPACE}%`;
  const nearEnd = value < 9.95 || (value > 99 && value < 100);
  const text = nearEnd ? value.toFixed(1).replace(/\.0$/, "") : value.toFixed(0);
  return `${value < 100 && text === "100" ? "over 99.9" : text}${NARROW_SPACE}%`;
}

/** Every digit, as a file would have it. */
export function exact(value: number): string {
  return String(value);
}

function exactly(value: number): string {
  if (Number.isNaN(value)) return "unknown";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return groupThousands(String(value));
}

/** Commas in whole parts of five digits and more. */
function groupThousands(text: string): string {
  const [, sign, whole, rest] = /^(-?)(\d+)(.*)$/.exec(text) ?? ["", "", text, ""];
  const digits = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  const zero = /^[0.,]*$/.test(digits + rest);
  return (sign && !zero ? "−" : "") + digits + rest.replace("e-", "e−");
}

/** The true minus sign instead of the hyphen. */
export function withMinus(text: string): string {
  return text.replace(/^-/, "−");
}

export function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)}\u00a0s`;
}
