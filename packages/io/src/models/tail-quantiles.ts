import type { TailQuantiles } from "./model.ts";

/** 0, 1e-6, 2e-6, 5e-6, 1e-5, … 5e-3, then every hundredth to 1. */
const TAIL_PROBABILITIES: readonly number[] = [
  0,
  ...["1e-6", "2e-6", "5e-6", "1e-5", "2e-5", "5e-5", "1e-4", "2e-4", "5e-4", "1e-3", "2e-3", "5e-3"].map(Number),
  ...Array.from({ length: 100 }, (_, i) => (i + 1) / 100),
];

/** How far a share may be exceeded: sums of weights are rounded. */
const ROUNDING = 1e-12;

/** Values are counted in so many intervals. Only those that hold a quantile are sorted. */
const INTERVALS = 2 ** 16;

/**
 * Each quantile lies halfway between the least likely points, up to the given share of the weight, and those next to
 * them, so that no rounding moves a point across it; the first is the least log density, the last the greatest.
 * in: log densities, n, NaN for a row that was left out; weights, n; null: all 1
 */
export function tailQuantiles(logDensities: Float64Array, pointWeights: ArrayLike<number> | null): TailQuantiles {
  const points = { logDensities, pointWeights };
  const intervalOf = intervalsOf(points);
  const masses = new Float64Array(INTERVALS);
  forEachWeighing(points, (value, weight) => {
    masses[intervalOf(value)] += weight;
  });
  const sorted = sortedAround(points, { intervalOf, masses, needed: neededOf(masses) });
  return { probabilities: TAIL_PROBABILITIES, logDensities: quantilesOf(sorted) };
}

interface WeighedValues {
  readonly logDensities: Float64Array;
  readonly pointWeights: ArrayLike<number> | null;
}

function forEachWeighing(
  { logDensities, pointWeights }: WeighedValues,
  use: (value: number, weight: number) => void,
): void {
  for (let row = 0; row < logDensities.length; row++) {
    const value = logDensities[row];
    const weight = pointWeights === null ? 1 : pointWeights[row];
    if (weight > 0 && !Number.isNaN(value)) use(value, weight);
  }
}

/** Equal intervals between the least and the greatest finite value; −∞ has the first one for itself. */
function intervalsOf(points: WeighedValues): (value: number) => number {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  forEachWeighing(points, (value) => {
    if (value < least && value !== Number.NEGATIVE_INFINITY) least = value;
    if (value > greatest) greatest = value;
  });
  const scale = greatest > least ? (INTERVALS - 2) / (greatest - least) : 0;
  return (value) =>
    value === Number.NEGATIVE_INFINITY ? 0 : Math.min(1 + Math.floor((value - least) * scale), INTERVALS - 1);
}

/** INTERVALS: 1 for those with a quantile, and for the last that holds something before each */
function neededOf(masses: Float64Array): Uint8Array {
  const needed = new Uint8Array(INTERVALS);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  let [reached, before, next] = [0, 0, 0];
  let last = 0;
  for (let interval = 0; interval < INTERVALS; interval++) {
    if (masses[interval] === 0) continue;
    reached += masses[interval];
    last = interval;
    for (; next < TAIL_PROBABILITIES.length && mostUpTo(TAIL_PROBABILITIES[next], total) < reached; next++) {
      needed[before] = 1;
      needed[interval] = 1;
    }
    before = interval;
  }
  needed[last] = 1;
  return needed;
}

function mostUpTo(probability: number, total: number): number {
  return probability * total * (1 + ROUNDING);
}

/** Some of the values, rising, each once; the weight of all points up to each; and of all points. */
interface Sorted {
  readonly values: Float64Array;
  readonly reached: Float64Array;
  readonly total: number;
}

interface Counted {
  readonly intervalOf: (value: number) => number;
  readonly masses: Float64Array;
  readonly needed: Uint8Array;
}

/** Sorts the values of the intervals that are needed. */
function sortedAround(points: WeighedValues, { intervalOf, masses, needed }: Counted): Sorted {
  const found: number[] = [];
  forEachWeighing(points, (value) => {
    if (needed[intervalOf(value)] === 1) found.push(value);
  });
  const values = distinct(Float64Array.from(found).sort());
  const own = new Float64Array(values.length);
  forEachWeighing(points, (value, weight) => {
    if (needed[intervalOf(value)] === 1) own[placeOf(values, value)] += weight;
  });
  const reached = new Float64Array(values.length);
  let total = 0;
  for (let interval = 0, place = 0; interval < INTERVALS; interval++) {
    if (needed[interval] === 0) {
      total += masses[interval];
      continue;
    }
    for (; place < values.length && intervalOf(values[place]) === interval; place++) {
      total += own[place];
      reached[place] = total;
    }
  }
  return { values, reached, total };
}

function quantilesOf({ values, reached, total }: Sorted): number[] {
  const last = values.length - 1;
  let below = 0;
  return TAIL_PROBABILITIES.map((probability) => {
    const most = mostUpTo(probability, total);
    while (below < last && reached[below] <= most) below++;
    return probability === 1 ? values[last] : (values[Math.max(below - 1, 0)] + values[below]) / 2;
  });
}

/** in: values, rising. out: each once */
function distinct(all: Float64Array): Float64Array {
  const values = new Float64Array(all.length);
  let count = 0;
  for (const value of all) if (count === 0 || value !== values[count - 1]) values[count++] = value;
  return values.subarray(0, count);
}

/** in: values, rising; one of them */
function placeOf(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
