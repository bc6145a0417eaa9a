import { EmixError, invalidOption, show } from "../errors.ts";
import type { Place } from "./place.ts";

// All messages about points and their weights: what was expected, what came, what to do.

export function invalidPoints(expected: string, got: unknown): EmixError {
  return new EmixError("INVALID_POINTS", `Expected points to be ${expected}, got ${show(got)}${adviceOn(got)}.`, {
    got: show(got),
  });
}

/** What makes points, or a number, of something else, as a part of a sentence; "" for nothing known. */
function adviceOn(got: unknown): string {
  if (["string", "bigint", "boolean"].includes(typeof got)) return "; make a number of it, by Number(x)";
  if (typeof got !== "object" || got === null || Array.isArray(got) || ArrayBuffer.isView(got)) return "";
  if (Symbol.asyncIterator in got) return "; load it in pieces, by engine.load(points, { features })";
  if (Symbol.iterator in got) return "; make an array of it, by Array.from(points)";
  return "then" in got ? "; await it" : "";
}

/** The key might say how numbers lie, and they would be read wrongly. */
export function otherKey(key: string): EmixError {
  return new EmixError(
    "INVALID_POINTS",
    `Expected points to be { data, features } and no more, got the key ${show(key)} as well; rows of \`features\` numbers ` +
      "stand in `data`, one after the other.",
    { key },
  );
}

/** A Buffer most often holds a file's bytes, and no number of theirs is meant. */
export function bufferForNumbers(got: ArrayBufferView): EmixError {
  return new EmixError(
    "INVALID_POINTS",
    `Expected points to have an array of numbers, got ${show(got)}; if each byte is a number, pass new Uint8Array(buffer), ` +
      "if they are doubles, new Float64Array(new Uint8Array(buffer).buffer).",
    { got: show(got) },
  );
}

export function noRow(got: unknown): EmixError {
  const advice = typeof got === "object" && got !== null && !("length" in got);
  const words = `rows of at least one number${advice ? ", by rows.map(({ x, y }) => [x, y])" : ""}`;
  return new EmixError("INVALID_POINTS", `Expected points to be ${words}, got ${show(got)}.`, { got: show(got) });
}

export function stringForPoints(got: string): EmixError {
  return new EmixError(
    "INVALID_POINTS",
    `Expected points, got the string ${show(got)}; ${
      /^\s*[[{]/.test(got)
        ? "JSON.parse makes points of it"
        : "to read a file, call loadFile(path) on an engine and pass its result"
    }.`,
    { got: show(got) },
  );
}

export function numberForRow(got: number, row: number): EmixError {
  return new EmixError(
    "INVALID_POINTS",
    `Expected points to be rows of numbers, got the number ${got} where row ${row} should be (counted from 0); ` +
      "for one feature, pass xs.map((x) => [x]) or { data: xs, features: 1 }.",
    { row, got: show(got) },
  );
}

export function invalidRow(expected: string, got: unknown, { words, details }: Place): EmixError {
  return new EmixError(
    "INVALID_POINTS",
    `Expected points to be ${expected}, got ${show(got)} in ${words}${adviceOn(got)}.`,
    {
      ...details,
      got: show(got),
    },
  );
}

export function emptyData(): EmixError {
  return new EmixError("EMPTY_DATA", "Expected at least one point, got none; check the input or the column selection.");
}

export function noCompleteRow({ words, details }: Place, rows: number): EmixError {
  const got = rows === 0 ? "none" : `${rows} rows that each lack one`;
  return new EmixError(
    "EMPTY_DATA",
    `Expected at least one row with a finite number in every column of ${words}, got ${got}; check the input.`,
    { ...details, rows },
  );
}

export function nonFinitePoint({ words, details }: Place, value: number): EmixError {
  const got = Number.isNaN(value) ? "none (NaN, null or empty)" : String(value);
  return new EmixError(
    "NON_FINITE_POINT",
    `Expected a finite number in ${words}, got ${got}; fill it in, or leave such rows out with \`missing: "drop"\`.`,
    { ...details, value },
  );
}

export function rowWithoutNumber({ words, details }: Place): EmixError {
  return new EmixError(
    "NON_FINITE_POINT",
    `Expected at least one finite number in ${words}, got none; leave the row out.`,
    details,
  );
}

export function notPositive({ words, details }: Place, value: number): EmixError {
  return new EmixError(
    "INVALID_POINTS",
    `Expected a number above 0, to take its logarithm, in ${words}, got ${value}; leave the logarithm of this column out.`,
    { ...details, value },
  );
}

export function beyondFloat32({ words, details }: Place, value: number): EmixError {
  return new EmixError(
    "OVERFLOW",
    `Expected numbers within the range of f32, got ${value} in ${words}; store the points as f64.`,
    { ...details, value },
  );
}

export function changedPoints({ words, details }: Place): EmixError {
  return new EmixError(
    "INVALID_POINTS",
    `Expected ${words} to stay as they were while they were read, but their rows changed; load them again when nothing is writing to them.`,
    details,
  );
}

export function invalidMissing(got: unknown): EmixError {
  return invalidOption("missing", '"error" or "drop"', got);
}

export function invalidPointWeights(got: unknown): EmixError {
  return invalidOption("pointWeights", "one number for each point", got);
}

export function invalidWeight({ words, details }: Place, value: unknown): EmixError {
  return new EmixError(
    "INVALID_WEIGHT",
    `Expected point weights to be finite and not negative, got ${show(value)} in ${words}.`,
    { ...details, value },
  );
}

export function weightCount(expected: number, got: number): EmixError {
  return new EmixError("INVALID_WEIGHT", `Expected one weight for each of ${expected} rows, got ${got}.`, {
    expected,
    got,
  });
}

export function zeroTotalWeight({ words, details }: Place): EmixError {
  return new EmixError(
    "ZERO_TOTAL_WEIGHT",
    `Expected a positive total weight, got only zeros in ${words}; give at least one point a positive weight.`,
    details,
  );
}

export function weightTotal({ words, details }: Place, total: number): EmixError {
  return new EmixError(
    "INVALID_WEIGHT",
    `Expected point weights with a total from 1e-250 to 1e250, got ${total} in ${words}; scale them, which does not change the fit.`,
    { ...details, total },
  );
}

/** in: feature, whose squares would leave the range of doubles */
export function scaledStatistics(feature: number): EmixError {
  return new EmixError(
    "OVERFLOW",
    `Numbers of feature ${feature} are above 2^440 or all below 2^-300, of which there are no statistics; divide the feature by a power of two.`,
    { feature },
  );
}
