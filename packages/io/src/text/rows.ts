import { compose } from "./numbers.ts";

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const PLUS = 43;
const MINUS = 45;
const ZERO = 48;

/** Rows of plain numbers, read in one go over their bytes. */
export interface RowPlan {
  /** for each field of a row: its place among the numbers, or −1 for a field that is not wanted */
  readonly places: Int32Array;
  readonly delimiter: number;
  readonly decimal: number;
}

/**
 * Reads a row that is plain throughout: numbers without quotes, blanks or words where numbers are wanted, and one line end
 * after as many fields as a row has. out: where the next row begins, or −1 for any other row, which must then be read
 * field by field
 */
export function readRow(
  plan: RowPlan,
  bytes: Uint8Array,
  window: { start: number; end: number },
  out: { readonly values: Float64Array; readonly first: number },
): number {
  const { places, delimiter, decimal } = plan;
  const { end } = window;
  const { values, first } = out;
  const last = places.length - 1;
  let at = window.start;
  for (let field = 0; field <= last; field++) {
    const place = places[field];
    if (place < 0) {
      at = skipField(bytes, at, end, delimiter);
      if (at < 0) return -1;
    } else {
      let byte = bytes[at];
      const negative = byte === MINUS;
      if (negative || byte === PLUS) byte = bytes[++at];
      const begin = at;
      let point = -1;
      while (byte === ZERO) byte = bytes[++at];
      if (byte === decimal && decimal !== delimiter) {
        point = at;
        byte = bytes[++at];
        while (byte === ZERO) byte = bytes[++at];
      }
      // The first nine digits that count, as an integer of 32 bits, then ten more.
      let high = 0;
      let left = 9;
      for (; left > 0; byte = bytes[++at]) {
        if (byte >= ZERO && byte <= 57) {
          high = (high * 10 + byte - ZERO) | 0;
          left--;
        } else if (byte === decimal && point < 0 && decimal !== delimiter) point = at;
        else break;
      }
      let low = 0;
      let lowDigits = 0;
      if (left === 0) {
        for (; lowDigits < 10; byte = bytes[++at]) {
          if (byte >= ZERO && byte <= 57) {
            low = low * 10 + (byte - ZERO);
            lowDigits++;
          } else if (byte === decimal && point < 0 && decimal !== delimiter) point = at;
          else break;
        }
        if (lowDigits === 10 && ((byte >= ZERO && byte <= 57) || (byte === decimal && point < 0))) return -1;
      }
      if (at - begin < (point < 0 ? 1 : 2)) return -1;
      const scale = point < 0 ? 0 : at - point - 1;
      let exponent = -scale;
      if ((byte | 32) === 101) {
        byte = bytes[++at];
        const down = byte === MINUS;
        if (down || byte === PLUS) byte = bytes[++at];
        let power = 0;
        const from = at;
        for (; byte >= ZERO && byte <= 57; byte = bytes[++at]) power = power * 10 + (byte - ZERO);
        if (at === from || at - from > 4) return -1;
        exponent += down ? -power : power;
      }
      const value = compose(high, low, lowDigits, exponent);
      if (Number.isNaN(value)) return -1;
      values[first + place] = negative ? -value : value;
    }
    if (at >= end) return -1;
    const byte = bytes[at];
    if (field === last) {
      if (byte === NEWLINE) return at + 1;
      return byte === RETURN && at + 1 < end && bytes[at + 1] === NEWLINE ? at + 2 : -1;
    }
    if (byte !== delimiter) return -1;
    at++;
  }
  return -1;
}

/** out: what ends the field; −1 where it holds a quote or is not whole */
function skipField(bytes: Uint8Array, start: number, end: number, delimiter: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === delimiter || byte === NEWLINE || byte === RETURN) return at;
    if (byte === QUOTE) return -1;
  }
  return -1;
}
