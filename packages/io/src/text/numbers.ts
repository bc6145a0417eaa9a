/** How a file writes numbers. Both are one character; thousands "" for none. */
export interface NumberStyle {
  readonly decimal: string;
  readonly thousands: string;
}

/** 10⁰ … 10²², all exact. */
const POWERS: readonly number[] = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const SPACE = 32;
const MINUS = 45;
const PLUS = 43;
const ZERO = 48;
/** Digits that one double holds whatever they are. */
const HIGH_DIGITS = 15;
const MOST_DIGITS = 19;

/**
 * The number in these bytes, correctly rounded, or NaN where they are anything but a plain number: thousands separators,
 * words and long numbers are left to `numberIn`.
 * @param decimal the code of the decimal sign
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number, decimal: number): number {
  let at = start;
  let stop = end;
  while (at < stop && bytes[at] === SPACE) at++;
  while (stop > at && bytes[stop - 1] === SPACE) stop--;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  let high = 0;
  let low = 0;
  let digits = 0;
  let seen = 0;
  let point = -1;
  for (; at < stop; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      seen++;
      if (digits > 0 || digit > 0) {
        if (digits < HIGH_DIGITS) high = high * 10 + digit;
        else low = low * 10 + digit;
        digits++;
      }
    } else if (point < 0 && bytes[at] === decimal) point = seen;
    else break;
  }
  if (seen === 0 || digits > MOST_DIGITS) return Number.NaN;
  const scale = point < 0 ? 0 : point - seen;
  const exponent = at === stop ? scale : scale + parseExponent(bytes, at, stop);
  const value = compose(high, low, Math.max(0, digits - HIGH_DIGITS), exponent);
  return sign === MINUS ? -value : value;
}

/** e, E, d or D, and an integer; NaN for anything else. */
function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  const letter = bytes[start] | 32;
  if (letter !== 101 && letter !== 100) return Number.NaN;
  let at = start + 1;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  if (at === end || end - at > 4) return Number.NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    exponent = exponent * 10 + digit;
  }
  return sign === MINUS ? -exponent : exponent;
}

/** (high · 10^lowDigits + low) · 10^exponent, rounded once; NaN where that takes more than doubles. */
export function compose(high: number, low: number, lowDigits: number, exponent: number): number {
  const power = POWERS[lowDigits];
  const product = high * power;
  if (product <= 2 ** 52) {
    const whole = product + low;
    if (exponent === 0) return whole;
    if (exponent < 0 && exponent >= -22) return whole / POWERS[-exponent];
    if (exponent > 0 && exponent <= 22) return whole * POWERS[exponent];
    return whole === 0 && !Number.isNaN(exponent) ? 0 : Number.NaN;
  }
  if (!(exponent <= 0 && exponent >= -22)) return Number.NaN;
  const rest = productError(high, power, product) + low;
  const upper = product + rest;
  const lower = rest - (upper - product);
  return exponent === 0 ? upper : quotient(upper, lower, POWERS[-exponent]);
}

/**
 * (upper + lower) / divisor by one division and its exact remainder; NaN where the result lies too near the middle of two
 * doubles to tell which is nearer.
 */
function quotient(upper: number, lower: number, divisor: number): number {
  const first = upper / divisor;
  const product = first * divisor;
  const remainder = upper - product - productError(first, divisor, product) + lower;
  const correction = remainder / divisor;
  const doubt = Math.abs(correction) * 2 ** -48;
  const least = first + (correction - doubt);
  return least === first + (correction + doubt) ? least : Number.NaN;
}

/** a · b − the product as rounded (Dekker). */
function productError(a: number, b: number, product: number): number {
  const splitA = 134217729 * a;
  const highA = splitA - (splitA - a);
  const lowA = a - highA;
  const splitB = 134217729 * b;
  const highB = splitB - (splitB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** The characters that may stand between groups of three digits. */
export const THOUSANDS: readonly string[] = [",", ".", "'", "’", " ", "\u00a0", "\u202f", "_"];

/** Characters of a number as JavaScript writes it. */
const PLAIN = /^[\d.eE+-]+$/;

const grammars = new Map<string, RegExp>();

function grammarOf({ decimal, thousands }: NumberStyle): RegExp {
  const key = decimal + thousands;
  let grammar = grammars.get(key);
  if (grammar === undefined) {
    const grouped = thousands === "" ? "" : `[1-9]\\d{0,2}(?:${literal(thousands)}\\d{3})+|`;
    const digits = `(?:(${grouped}\\d+)(?:${literal(decimal)}(\\d*))?|${literal(decimal)}(\\d+))`;
    grammar = new RegExp(`^([+-]?)${digits}(?:[eEdD]([+-]?\\d+))?$`);
    grammars.set(key, grammar);
  }
  return grammar;
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The number that a text is in this style: digits, nan or inf in any case; undefined where it is none. */
export function numberIn(text: string, style: NumberStyle): number | undefined {
  if (style.decimal === "." && PLAIN.test(text)) {
    const value = Number(text);
    if (!Number.isNaN(value)) return value;
  }
  const trimmed = text.trim().replace(/^\u2212/, "-");
  const match = grammarOf(style).exec(trimmed);
  if (match === null) return specialNumber(trimmed);
  const [, sign, whole = "", fraction = "", only = "", exponent = "0"] = match;
  const integer = style.thousands === "" ? whole : whole.replaceAll(style.thousands, "");
  return Number(`${sign}${integer || "0"}.${fraction || only || "0"}e${exponent}`);
}

function specialNumber(text: string): number | undefined {
  const word = /^([+-]?)(nan|inf|infinity)$/i.exec(text);
  if (word === null) return undefined;
  if (word[2].toLowerCase() === "nan") return Number.NaN;
  return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
