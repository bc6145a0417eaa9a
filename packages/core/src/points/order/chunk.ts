import { GROUP_TILES, STRIP_POINTS } from "../nodes.ts";
import type { PartingKernel } from "./parting-kernel.ts";

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

/** Of so few rows, the one that is farthest from their mean says enough about where they spread. */
const FEW_POINTS = 64;
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
  readonly #kernel: PartingKernel;
  readonly #units: readonly number[];

  constructor(kernel: PartingKernel, tileSize: number) {
    this.#kernel = kernel;
    this.#units = [GROUP_TILES * tileSize, tileSize, STRIP_POINTS];
  }

  /** Orders the first rows of the kernel: the indices of its pairs are their order then. */
  order(size: number): void {
    const { pairs } = this.#kernel;
    for (let i = 0; i < size; i++) pairs[2 * i] = i;
    const parts = [{ from: 0, end: size }];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const { from, end } = part;
      const middle = this.#cut(from, end);
      if (middle !== from) parts.push({ from: middle, end }, { from, end: middle });
    }
  }

  /** Parts [from, end) of the order in two. out: where the second begins; `from` if the part stays as it is */
  #cut(from: number, end: number): number {
    const unit = this.#units.find((points) => points < end - from);
    if (unit === undefined || !this.#direct(from, end)) return from;
    this.#kernel.project(from, end);
    const units = Math.ceil((end - from) / unit);
    const least = Math.max(1, Math.floor(units * LEAST_SHARE));
    const wanted = units === 2 ? 1 : Math.round((this.#shareBelow(from, end) * (end - from)) / unit);
    const middle = from + Math.max(least, Math.min(units - least, wanted)) * unit;
    this.#select(from, end, middle);
    return middle;
  }

  /**
   * Finds a direction in which the points spread much: from the mean of some to the farthest of them; of many points, turned
   * by a step of the power iteration. out: false if they do not spread
   */
  #direct(from: number, end: number): boolean {
    const squares = this.#kernel.survey(from, end);
    let most = 0;
    let farthest = -1;
    for (let row = 0, at = 0; at < squares.length; row++, at += 4) {
      const square = squares[at] + squares[at + 1] + (squares[at + 2] + squares[at + 3]);
      if (!(square > most)) continue;
      most = square;
      farthest = row;
    }
    if (farthest < 0) return false;
    this.#kernel.aim(farthest);
    if (end - from > FEW_POINTS) this.#kernel.turn();
    return true;
  }

  /** Which share of some of the points 2-means along the direction puts below. */
  #shareBelow(from: number, end: number): number {
    const { along } = this.#kernel;
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

  /** Moves the least pairs of [from, end) to [from, middle). */
  #select(from: number, end: number, middle: number): void {
    const kernel = this.#kernel;
    for (let [low, high] = [from, end]; low < middle && middle < high; ) {
      // It is not the least one, so both sides have fewer.
      const first = kernel.part(low, high, this.#median(low, (low + high) >> 1, high - 1));
      if (middle < first) high = first;
      else low = first;
    }
  }

  /** Where the middle one of three pairs is; the greater one, if b and c are the same. */
  #median(a: number, b: number, c: number): number {
    if (b === c) return this.#isLess(a, b) ? b : a;
    const [ab, bc, ac] = [this.#isLess(a, b), this.#isLess(b, c), this.#isLess(a, c)];
    if (ab === bc) return b;
    return ab === ac ? c : a;
  }

  #isLess(a: number, b: number): boolean {
    const { pairs } = this.#kernel;
    const difference = pairs[2 * a + 1] - pairs[2 * b + 1];
    return difference < 0 || (difference === 0 && pairs[2 * a] < pairs[2 * b]);
  }
}
