import { GROUP_TILES, STRIP_POINTS } from "../nodes.ts";
import { Spread } from "./spread.ts";

/** Neighbours in the order of a tree that are parted further, together. */
const CHUNK_POINTS = 4096;
/** Or fewer, where they are wide: their coordinates stay in the second-level cache. */
const CHUNK_NUMBERS = 2 ** 18;

/** How many tiles are parted further together: a power of two, at least a group. */
export function tilesInChunk({ features, tileSize }: { readonly features: number; readonly tileSize: number }): number {
  let points = CHUNK_POINTS;
  while (points * features > CHUNK_NUMBERS && points > GROUP_TILES * tileSize) points /= 2;
  return points / tileSize;
}

/** How many numbers a row has: d, and one more if that is odd. */
export function rowWidth(features: number): number {
  return features + (features % 2);
}

/** Points of a part that are looked at for where to cut it. */
const FOR_CUT = 256;
/** Steps of 2-means along a direction. */
const STEPS = 4;
/** Neither side of a cut has a smaller share of a part. */
const LEAST_SHARE = 1 / 8;

/**
 * Parts some points along the direction in which they spread most, and each part again, down to strips. A part of more than
 * a group is cut between groups, then between tiles, then between strips. Directions have all features.
 */
export class ChunkOrder {
  /** points × width, to be written: coordinates measured alike, 0 where the width is more than d */
  readonly rows: Float32Array;
  readonly #width: number;
  readonly #units: readonly number[];
  readonly #order: Uint32Array;
  /** of each point of a part, how far it lies along the direction */
  readonly #along: Float64Array;
  readonly #spread: Spread;

  /** in: points, at most so many are ordered together */
  constructor(points: number, { features, tileSize }: { readonly features: number; readonly tileSize: number }) {
    this.#width = rowWidth(features);
    this.#units = [GROUP_TILES * tileSize, tileSize, STRIP_POINTS];
    this.rows = new Float32Array(points * this.#width);
    this.#order = new Uint32Array(points);
    this.#along = new Float64Array(points);
    this.#spread = new Spread(this.rows, this.#width);
  }

  /** The order of the first rows: indices of rows, valid until the next call. */
  of(size: number): Uint32Array {
    const order = this.#order.subarray(0, size);
    for (let i = 0; i < size; i++) order[i] = i;
    const parts = [{ from: 0, end: size }];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const { from, end } = part;
      const middle = this.#cut(from, end);
      if (middle !== from) parts.push({ from: middle, end }, { from, end: middle });
    }
    return order;
  }

  /** Parts [from, end) of the order in two. out: where the second begins; `from` if the part stays as it is */
  #cut(from: number, end: number): number {
    const unit = this.#units.find((points) => points < end - from);
    if (unit === undefined || !this.#spread.find(this.#order, from, end)) return from;
    this.#project(from, end);
    const units = Math.ceil((end - from) / unit);
    const least = Math.max(1, Math.floor(units * LEAST_SHARE));
    const wanted = units === 2 ? 1 : Math.round((this.#shareBelow(from, end) * (end - from)) / unit);
    const middle = from + Math.max(least, Math.min(units - least, wanted)) * unit;
    select(this.#along, this.#order, { from, end, middle });
    return middle;
  }

  #project(from: number, end: number): void {
    const [rows, order, along, width] = [this.rows, this.#order, this.#along, this.#width];
    const { direction } = this.#spread;
    // Two points at a time, for one sum would wait for the one before; a last point alone is taken twice.
    for (let i = from; i < end; i += 2) {
      const next = Math.min(i + 1, end - 1);
      const start = order[i] * width;
      const other = order[next] * width;
      let [even, odd, otherEven, otherOdd] = [0, 0, 0, 0];
      for (let j = 0; j < width; j += 2) {
        even += rows[start + j] * direction[j];
        odd += rows[start + j + 1] * direction[j + 1];
        otherEven += rows[other + j] * direction[j];
        otherOdd += rows[other + j + 1] * direction[j + 1];
      }
      along[i] = even + odd;
      along[next] = otherEven + otherOdd;
    }
  }

  /** Which share of some of the points 2-means along the direction puts below. */
  #shareBelow(from: number, end: number): number {
    const along = this.#along;
    const stride = Math.max(1, Math.floor((end - from) / FOR_CUT));
    const count = Math.ceil((end - from) / stride);
    let sum = 0;
    for (let i = from; i < end; i += stride) sum += along[i];
    let threshold = sum / count;
    let below = 0;
    for (let step = 0; step < STEPS; step++) {
      let [sumBelow, counted] = [0, 0];
      for (let i = from; i < end; i += stride) {
        const isBelow = Number(along[i] < threshold);
        sumBelow += isBelow * along[i];
        counted += isBelow;
      }
      if (counted === below || counted === 0 || counted === count) return counted / count;
      below = counted;
      threshold = (sumBelow / below + (sum - sumBelow) / (count - below)) / 2;
    }
    return below / count;
  }
}

/** Moves the smallest values of [from, end) to [from, middle), with their indices. */
function select(
  values: Float64Array,
  indices: Uint32Array,
  { from, end, middle }: { readonly from: number; readonly end: number; readonly middle: number },
): void {
  for (let [low, high] = [from, end - 1]; low < high; ) {
    const pivot = median(values[low], values[(low + high) >> 1], values[high]);
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const [value, index] = [values[i], indices[i]];
        values[i] = values[j];
        indices[i] = indices[j];
        values[j] = value;
        indices[j] = index;
        i++;
        j--;
      }
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
