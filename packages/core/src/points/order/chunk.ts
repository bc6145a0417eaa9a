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
    const parts = [0, size];
    while (parts.length > 0) {
      const end = parts.pop() as number;
      const from = parts.pop() as number;
      const middle = this.#cut(from, end);
      if (middle !== from) parts.push(middle, end, from, middle);
    }
  }

  /** Parts [from, end) of the order in two. out: where the second begins; `from` if the part stays as it is */
  #cut(from: number, end: number): number {
    const unit = this.#units.find((points) => points < end - from);
    const share = unit === undefined ? null : this.#kernel.aim(from, end);
    if (unit === undefined || share === null) return from;
    const units = Math.ceil((end - from) / unit);
    const least = Math.max(1, Math.floor(units * LEAST_SHARE));
    const wanted = units === 2 ? 1 : Math.round((share * (end - from)) / unit);
    const middle = from + Math.max(least, Math.min(units - least, wanted)) * unit;
    this.#kernel.choose(from, end, middle);
    return middle;
  }
}
