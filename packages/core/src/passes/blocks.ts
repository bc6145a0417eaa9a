import { type Tiles, tileCount } from "../points/tiles.ts";

/**
 * How `total` things (tiles, or the numbers of a slot) are divided into blocks, the unit of claiming, reduction and
 * retry. It depends on shapes alone, never on the number of threads, so the sums have the same bits for any number.
 */
export interface BlockGrid {
  readonly blocks: number;
  readonly perBlock: number;
  readonly total: number;
}

export function cutIntoBlocks(total: number, perBlock: number): BlockGrid {
  return { blocks: Math.ceil(total / perBlock), perBlock, total };
}

/** What a grid depends on, of points. */
export interface TilesSize extends Pick<Tiles, "count" | "tileSize"> {
  readonly data: { readonly byteLength: number };
}

const LEAST_POINTS = 2048;
const LEAST_BLOCKS = 16;
const MOST_BLOCKS = 512;
const SLOTS_BYTES = 64 * 2 ** 20;

/** How many bytes the slots of one pass may take (unless 16 slots alone take more). */
export function slotsBytes(tiles: TilesSize): number {
  return Math.max(SLOTS_BYTES, tiles.data.byteLength / 4);
}

/** The grid of a pass over points. in: slotLength, how many numbers a block leaves */
export function blockGrid(tiles: TilesSize, slotLength: number): BlockGrid {
  const allowed = Math.floor(slotsBytes(tiles) / (8 * slotLength));
  const most = Math.min(Math.max(allowed, LEAST_BLOCKS), MOST_BLOCKS);
  const wanted = Math.min(most, Math.ceil(tiles.count / LEAST_POINTS));
  const total = tileCount(tiles);
  return cutIntoBlocks(total, Math.ceil(total / wanted));
}

/** How many passes may run side by side, so that all their slots together take no more bytes than those of one may. */
export function passesAtOnce(tiles: TilesSize, slotLength: number, threads: number): number {
  const bytes = blockGrid(tiles, slotLength).blocks * slotLength * 8;
  return Math.max(1, Math.min(threads, Math.floor(slotsBytes(tiles) / bytes)));
}

/** The part [first, end) of the total that a block holds. */
export function blockRange({ perBlock, total }: BlockGrid, block: number): { first: number; end: number } {
  const first = block * perBlock;
  return { first, end: Math.min(first + perBlock, total) };
}
