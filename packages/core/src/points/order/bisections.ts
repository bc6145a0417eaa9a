import { STRETCH, type Stretches } from "../stretches.ts";
import { DIRECTION_FEATURES, type Direction, DirectionFinder } from "./direction.ts";
import type { Sample } from "./sample.ts";

/**
 * A tree that parts points by hyperplanes, as plain data. A point goes from slot 0 to the first child of its slot if
 * Σ coefficient · x < threshold, in the units of the sample, and otherwise to the second, until it is in a leaf.
 */
export interface Bisections {
  /** slots: the slot of the first child, the second being next to it; 0 for a leaf */
  readonly children: Int32Array;
  /** slots: the number of a leaf, counted so that leaves near each other in the tree have numbers near each other */
  readonly leafNumbers: Int32Array;
  /** slots × DIRECTION_FEATURES */
  readonly features: Int32Array;
  /** slots × DIRECTION_FEATURES */
  readonly coefficients: Float32Array;
  /** slots */
  readonly thresholds: Float32Array;
  readonly leaves: number;
}

/** A part with no more points of the sample than this is a leaf. */
const LEAF_POINTS = 4;
/** Neither side of a bisection has a smaller share of the points, so that no path is long. */
const LEAST_SHARE = 1 / 16;
/** Steps of 2-means along a direction. */
const STEPS = 5;

/** Bisects the sample along the direction in which it spreads most, where 2-means would, and each part again. */
export function* bisectionsOf(sample: Sample): Stretches<Bisections> {
  const { size } = sample;
  const indices = new Uint32Array(size);
  const tree = new GrowingTree(size);
  for (let i = 0; i < size; i++) indices[i] = i;
  const distances = new Float64Array(size);
  const features = sample.means.length;
  const finder = new DirectionFinder(sample.points, features);
  const parts = [{ slot: 0, from: 0, end: size }];
  let numbers = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { slot, from, end } = part;
    const direction = end - from <= LEAF_POINTS ? null : finder.find(indices, from, end);
    const along = direction === null ? null : project(sample, indices.subarray(from, end), direction, distances);
    const threshold = along === null ? null : thresholdOf(along);
    if (direction === null || along === null || threshold === null) tree.close(slot);
    else {
      const middle = from + partition(indices.subarray(from, end), along, threshold);
      const first = tree.part(slot, direction, threshold);
      parts.push({ slot: first + 1, from: middle, end }, { slot: first, from, end: middle });
    }
    numbers += (end - from) * 16 + features * 64;
    if (numbers < STRETCH) continue;
    numbers = 0;
    yield;
  }
  return tree.done();
}

/** How far each point lies along the direction, in `memory`. */
function project(
  { points, means: { length: width } }: Sample,
  indices: Uint32Array,
  { features: [a, b, c, d], coefficients: [p, q, r, s] }: Direction,
  memory: Float64Array,
): Float64Array {
  const out = memory.subarray(0, indices.length);
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i] * width;
    out[i] = p * points[row + a] + q * points[row + b] + (r * points[row + c] + s * points[row + d]);
  }
  return out;
}

/** Where 2-means in one dimension parts the values, neither side small; null if they are all the same. */
function thresholdOf(values: Float64Array): number | null {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  let threshold = sum / values.length;
  for (let step = 0; step < STEPS; step++) threshold = betweenMeans(values, threshold, sum);
  const below = countBelow(values, threshold);
  const least = Math.ceil(LEAST_SHARE * values.length);
  if (below >= least && below <= values.length - least) return threshold;
  const sorted = values.toSorted();
  const nearest = sorted[below < least ? least : values.length - least];
  return nearest > sorted[0] ? nearest : (sorted.find((value) => value > nearest) ?? null);
}

/** Halfway between the means of both sides. */
function betweenMeans(values: Float64Array, threshold: number, sum: number): number {
  let below = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const isBelow = Number(values[i] < threshold);
    below += isBelow * values[i];
    count += isBelow;
  }
  if (count === 0 || count === values.length) return threshold;
  return (below / count + (sum - below) / (values.length - count)) / 2;
}

function countBelow(values: Float64Array, threshold: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) count += Number(values[i] < threshold);
  return count;
}

/** Moves what lies below the threshold to the front. out: how many they are */
function partition(indices: Uint32Array, values: Float64Array, threshold: number): number {
  let front = 0;
  for (let i = 0; i < values.length; i++) {
    const [value, index] = [values[i], indices[i]];
    if (!(value < threshold)) continue;
    values[i] = values[front];
    indices[i] = indices[front];
    values[front] = value;
    indices[front] = index;
    front++;
  }
  return front;
}

/** Slots in arrays that have room for all. */
class GrowingTree {
  readonly #children: Int32Array;
  readonly #leafNumbers: Int32Array;
  readonly #features: Int32Array;
  readonly #coefficients: Float32Array;
  readonly #thresholds: Float32Array;
  #slots = 1;
  #leaves = 0;

  /** in: points of the sample. Each bisection parts at least two of them. */
  constructor(points: number) {
    const most = 2 * points;
    this.#children = new Int32Array(most);
    this.#leafNumbers = new Int32Array(most);
    this.#features = new Int32Array(most * DIRECTION_FEATURES);
    this.#coefficients = new Float32Array(most * DIRECTION_FEATURES);
    this.#thresholds = new Float32Array(most);
  }

  /** Makes a slot a leaf. */
  close(slot: number): void {
    this.#leafNumbers[slot] = this.#leaves++;
  }

  /** Gives a slot two children. out: the slot of the first */
  part(slot: number, { features, coefficients }: Direction, threshold: number): number {
    this.#features.set(features, slot * DIRECTION_FEATURES);
    this.#coefficients.set(coefficients, slot * DIRECTION_FEATURES);
    this.#thresholds[slot] = threshold;
    const first = this.#slots;
    this.#children[slot] = first;
    this.#slots += 2;
    return first;
  }

  done(): Bisections {
    const slots = this.#slots;
    return {
      children: this.#children.slice(0, slots),
      leafNumbers: this.#leafNumbers.slice(0, slots),
      features: this.#features.slice(0, slots * DIRECTION_FEATURES),
      coefficients: this.#coefficients.slice(0, slots * DIRECTION_FEATURES),
      thresholds: this.#thresholds.slice(0, slots),
      leaves: this.#leaves,
    };
  }
}
