import { type Tiles, tileCount } from "./tiles.ts";

/**
 * How the tiles are cut into blocks, the unit of reduction, retry and streaming. A function of the points' shape and
 * of the length of a slot alone, never of the number of threads: so the sums, and their bits, are the same for any.
 */
export interface BlockGrid {
  readonly blocks: number;
  readonly tilesPerBlock: number;
}

const LEAST_POINTS = 2048;
const LEAST_BLOCKS = 16;
const MOST_BLOCKS = 512;
const SLOTS_BYTES = 64 * 2 ** 20;

/** Bytes that the slots of one pass may take (unless 16 slots alone take more). */
function slotsBytes(tiles: Tiles): number {
  return Math.max(SLOTS_BYTES, tiles.data.byteLength / 4);
}

/** in: slotLength, numbers that one block leaves behind */
export function blockGrid(tiles: Tiles, slotLength: number): BlockGrid {
  const allowed = Math.floor(slotsBytes(tiles) / (8 * slotLength));
  const most = Math.min(Math.max(allowed, LEAST_BLOCKS), MOST_BLOCKS);
  const wanted = Math.min(most, Math.ceil(tiles.count / LEAST_POINTS));
  const total = tileCount(tiles);
  const tilesPerBlock = Math.ceil(total / wanted);
  return { blocks: Math.ceil(total / tilesPerBlock), tilesPerBlock };
}

/** How many passes may run side by side, so that all their slots together keep within the bytes of one. */
export function passesAtOnce(tiles: Tiles, slotLength: number, threads: number): number {
  const bytes = blockGrid(tiles, slotLength).blocks * slotLength * 8;
  return Math.max(1, Math.min(threads, Math.floor(slotsBytes(tiles) / bytes)));
}

/** The tiles [first, end) of a block. */
export function blockRange(tiles: Tiles, { tilesPerBlock }: BlockGrid, block: number): { first: number; end: number } {
  const first = block * tilesPerBlock;
  return { first, end: Math.min(first + tilesPerBlock, tileCount(tiles)) };
}
