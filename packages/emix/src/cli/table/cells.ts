import { groupThousands } from "@emix/io";

// Numbers for people: a mean to a tenth of its standard deviation, so that two that differ never look the same.

/** Digits that a standard deviation is shown with. */
const DIGITS = 2;
/** Decimals up to which a number is written in full. */
const MOST_DECIMALS = 12;
/** Numbers from here up are written with an exponent. */
const LARGEST = 1e15;

/** A number and what it varies by, as text. */
export function meanAndDeviation(mean: number, deviation: number): string {
  const decimals = DIGITS - 1 - exponentOf(deviation);
  const plain = decimals <= MOST_DECIMALS && Math.abs(mean) < LARGEST && deviation < LARGEST;
  return plain ? `${toFixed(mean, decimals)} ± ${toFixed(deviation, decimals)}` : scientific(mean, deviation);
}

/** A median and the factor that values vary by around it. */
export function medianAndFactor(median: number, factor: number): string {
  const spread = median * Math.min(factor - 1, 1);
  const decimals = DIGITS - 1 - exponentOf(spread);
  const plain = decimals <= MOST_DECIMALS && median < LARGEST;
  const shown = plain ? toFixed(median, decimals) : median.toExponential(significant(median, spread));
  return `${shown} ×÷ ${factorText(factor)}`;
}

/** To two digits of what it differs from 1 by. */
function factorText(factor: number): string {
  if (!(factor < LARGEST)) return factor.toExponential(DIGITS - 1);
  return toFixed(factor, Math.min(DIGITS - 1 - exponentOf(factor - 1), MOST_DECIMALS));
}

/** A point in time to a tenth of its standard deviation. in: both in seconds, since 1970-01-01T00:00Z */
export function timeAndDeviation(seconds: number, deviation: number): string {
  return `${timeText(seconds, deviation)} ± ${durationText(deviation)}`;
}

const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ["d", 86400],
  ["h", 3600],
  ["min", 60],
];

/** With as much of the time as the standard deviation gives a meaning to. */
function timeText(seconds: number, deviation: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return toFixed(seconds, 0);
  const text = date.toISOString().replace("T", " ").replace("Z", "");
  if (deviation >= 10 * 86400) return text.slice(0, -13); // a day
  if (deviation >= 600) return text.slice(0, -7); // a minute
  return deviation >= 10 ? text.slice(0, -4) : text;
}

function durationText(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? ["s", 1];
  const value = seconds / length;
  return `${toFixed(value, DIGITS - 1 - exponentOf(value))} ${unit}`;
}

/** Two ends of an interval, to two digits of its width. */
export function intervalText(lower: number, upper: number): string {
  const decimals = DIGITS - 1 - exponentOf(upper - lower);
  const largest = Math.max(Math.abs(lower), Math.abs(upper));
  if (decimals <= MOST_DECIMALS && largest < LARGEST)
    return `${toFixed(lower, decimals)} to ${toFixed(upper, decimals)}`;
  return [lower, upper].map((value) => value.toExponential(significant(value, upper - lower))).join(" to ");
}

function scientific(mean: number, deviation: number): string {
  return `${mean.toExponential(significant(mean, deviation))} ± ${deviation.toExponential(DIGITS - 1)}`;
}

/** Digits after the first that a number needs, to be told to a tenth of a deviation. */
function significant(value: number, deviation: number): number {
  const digits = value === 0 ? 0 : exponentOf(value) - exponentOf(deviation) + DIGITS - 1;
  return Math.max(0, Math.min(digits, 16));
}

/** ⌊log10 |value|⌋ of a value rounded to two digits; 0 of 0. */
function exponentOf(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  return Number(value.toExponential(DIGITS - 1).split("e")[1]);
}

function toFixed(value: number, decimals: number): string {
  const text = value.toFixed(Math.max(0, Math.min(decimals, MOST_DECIMALS)));
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** A share, in per cent: never 0 where there is something, never 100 where something is left out. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  if (share < 1 && share >= 0.9995) return "> 99.9 %";
  return `${(100 * share).toFixed(1)} %`;
}

export function countText(value: number): string {
  return groupThousands(value);
}
