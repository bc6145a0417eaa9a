import { timesPower } from "../linear-algebra/powers-of-two.ts";
import { type Exponents, exponentsFor } from "./exponents.ts";
import type { NumberColumn, RowBatch } from "./source.ts";
import { STRETCH, type Stretches } from "./stretches.ts";
import { type TilesInMemory, tilesBetween } from "./tiles.ts";

/**
 * Fills tiles. Each point is written once, in any order; its weight, if it has one, must be there before. There may be room
 * for some of the coordinates at a time, those of a window that moves on.
 */
export class TileWriter {
  readonly tiles: TilesInMemory;
  /** max |x| of every feature, over points of positive weight: a plain array, which costs a single row less */
  readonly #largest: number[];
  /** the first point of the window, and of a tile */
  #first = 0;

  constructor(tiles: TilesInMemory) {
    this.tiles = tiles;
    this.#largest = new Array(tiles.features).fill(0);
  }

  /**
   * Writes `count` rows of a batch, from `row` on, as the points from `point` on.
   * out: false where a number is not finite as it is stored
   */
  write(point: number, batch: RowBatch, row: number, count: number): boolean {
    const { tileSize } = this.tiles;
    for (let done = 0; done < count; ) {
      const lanes = Math.min(tileSize - ((point + done) % tileSize), count - done);
      if (!this.#writeLanes(point + done, batch, row + done, lanes)) return false;
      done += lanes;
    }
    return true;
  }

  /** Writes points of one tile, feature by feature. */
  #writeLanes(point: number, { columns }: RowBatch, row: number, lanes: number): boolean {
    const { features, tileSize, data } = this.tiles;
    const lane = point % tileSize;
    let start = (point - this.#first - lane) * features + lane;
    for (let feature = 0; feature < features; feature++, start += tileSize) {
      const known = this.#largest[feature];
      const most = copyColumn({ data, start, end: start + lanes }, columns[feature], row, known);
      if (most < 0) return false;
      if (most > known) this.#largest[feature] = this.#largestOf(feature, { point, start, lanes }, most);
    }
    return true;
  }

  /** max |x| of points that weigh something. in: a stretch of the feature's numbers; most, max |x| of all of them */
  #largestOf(feature: number, { point, start, lanes }: Lanes, most: number): number {
    const { pointWeights, data } = this.tiles;
    if (pointWeights === null) return most;
    let largest = this.#largest[feature];
    for (let i = 0; i < lanes; i++) {
      if (pointWeights[point + i] > 0) largest = Math.max(largest, Math.abs(data[start + i]));
    }
    return largest;
  }

  /** Moves the window on: its first tiles have been stored. in: end, of those tiles; written, the points so far */
  moveTo(end: number, written: number): void {
    const { features, tileSize, data } = this.tiles;
    const used = Math.ceil((written - this.#first) / tileSize) * tileSize * features;
    data.copyWithin(0, (end - this.#first) * features, used);
    this.#first = end;
  }

  /** The points [first, end) of the window, as tiles of their own. in: first, of a tile */
  section(first: number, end: number): TilesInMemory {
    const { tileSize, pointWeights } = this.tiles;
    const [from, to] = [first, end].map((point) => Math.ceil((point - this.#first) / tileSize));
    const inWindow = { ...this.tiles, count: end - this.#first, pointWeights: null };
    const padded = Math.ceil(end / tileSize) * tileSize;
    return { ...tilesBetween(inWindow, from, to), pointWeights: pointWeights?.subarray(first, padded) ?? null };
  }

  /**
   * Must be called once all points are written. It fills the padding of the last tile: the memory may hold anything.
   * out: what features are to be divided by whose squares would leave the range of doubles
   */
  close(): Exponents {
    const { count, pointWeights } = this.tiles;
    padLastTile({ ...this.tiles, count: count - this.#first });
    pointWeights?.fill(0, count);
    return this.tiles.dtype === "f64" ? exponentsFor(this.#largest) : null;
  }

  /** The same where all points are in the window, which are then divided. */
  *seal(): Stretches<TilesInMemory> {
    const exponents = this.close();
    if (exponents !== null) yield* divideByPowers(this.tiles, exponents);
    return { ...this.tiles, exponents };
  }
}

/** Neighbouring points of a tile: the first, where a feature of it is stored, and how many. */
interface Lanes {
  readonly point: number;
  readonly start: number;
  readonly lanes: number;
}

/** Where numbers go: from `start` up to `end`. */
interface Target {
  readonly data: Float64Array | Float32Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Copies the numbers of a column, from a row on. One comparison finds the largest and any that is not finite.
 * in: known, the largest so far. out: max |x| as it is stored; −1 if one is not finite (NaN would cost a third of the speed)
 */
function copyColumn({ data, start, end }: Target, column: NumberColumn, row: number, known: number): number {
  const { values, offset, stride } = column;
  let most = known;
  for (let at = start, from = offset + row * stride; at < end; at++, from += stride) {
    data[at] = values[from];
    const size = Math.abs(data[at]);
    if (size <= most) continue;
    if (!(size < Number.POSITIVE_INFINITY)) return -1;
    most = size;
  }
  return most;
}

/** Divides coordinates by powers of two. Points of weight 0 may lie anywhere; they stay finite too. */
export function* divideByPowers(
  { features, tileSize, data }: TilesInMemory,
  exponents: readonly number[],
): Stretches<void> {
  for (let start = 0; start < data.length; start += tileSize) {
    const exponent = exponents[(start / tileSize) % features];
    for (let i = start; i < start + tileSize; i++) {
      data[i] = Math.max(-FARTHEST_STORED, Math.min(timesPower(data[i], -exponent), FARTHEST_STORED));
    }
    if (start % STRETCH === 0) yield;
  }
}

const FARTHEST_STORED = 2 ** 500;

/** Fills the padding with the first point of the tile, never 0, NaN or ∞ (0 · ∞ is NaN). */
function padLastTile({ count, features, tileSize, data }: TilesInMemory): void {
  const used = count % tileSize;
  if (used === 0) return;
  const base = (count - used) * features;
  for (let feature = 0; feature < features; feature++) {
    const row = base + feature * tileSize;
    for (let i = row + used; i < row + tileSize; i++) data[i] = data[row];
  }
}
