import { type BlockGrid, type TilesFacts, tileCount } from "@emix/core";

/** A range of blocks or tiles that belongs to one part of the points. */
export interface PartRange {
  readonly part: number;
  readonly first: number;
  readonly end: number;
}

/** Boundaries lie at multiples of the largest power of two of which a part still has so many: few nodes make up a part. */
const UNITS_OF_PART = 8;

/** The tiles of each part. */
export function tilesOfParts(tiles: Pick<TilesFacts, "count" | "tileSize">, parts: number): PartRange[] {
  return cut(tileCount(tiles), parts, 1);
}

/** The blocks of each part, about where its tiles are. */
export function blocksOfParts({ blocks }: BlockGrid, parts: number): PartRange[] {
  return cut(blocks, parts, Math.max(1, 2 ** Math.floor(Math.log2(blocks / (parts * UNITS_OF_PART)))));
}

/** Cuts [0, total) at multiples of a unit. Parts that would have nothing are left out. */
function cut(total: number, parts: number, unit: number): PartRange[] {
  const boundary = (part: number) => (part === parts ? total : Math.round((part * total) / parts / unit) * unit);
  return Array.from({ length: parts }, (_, part) => ({
    part,
    first: Math.min(boundary(part), total),
    end: Math.min(boundary(part + 1), total),
  })).filter(({ first, end }) => first < end);
}
