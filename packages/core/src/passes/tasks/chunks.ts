import type { KernelCache } from "../../kernels/kernel-cache.ts";
import { ChunkOrder, tilesInChunk } from "../../points/order/chunk.ts";
import { rowWidth } from "../../points/order/parting-kernel.ts";
import type { Tiles } from "../../points/tiles.ts";
import type { BlockTask, ChunksPass } from "../pass.ts";

/** Orders the points of some chunks, which are neighbours in the order of a tree. */
export function chunks({ program, rows, before, after }: ChunksPass, tiles: Tiles, kernels: KernelCache): BlockTask {
  const { count, features, tileSize } = tiles;
  const inChunk = tilesInChunk(tiles) * tileSize;
  const kernel = kernels.parting(program, Math.min(inChunk, count));
  const chunk = new ChunkOrder(kernel, tileSize);
  // Two numbers at a time: their 64 bits are no NaN, as no row has one.
  const [from, to] = [rows, kernel.rows].map(inPairs);
  const width = rowWidth(features) / 2;

  return (firstChunk, endChunk) => {
    for (let first = firstChunk * inChunk; first < Math.min(endChunk * inChunk, count); first += inChunk) {
      const own = before.subarray(first, Math.min(first + inChunk, count));
      gather(from, own, width, to);
      chunk.order(own.length);
      for (let i = 0; i < own.length; i++) after[first + i] = own[kernel.pairs[2 * i]];
    }
  };
}

function inPairs({ buffer, byteOffset, length }: Float32Array): Float64Array {
  return new Float64Array(buffer, byteOffset, length / 2);
}

/** Rows that are copied together: they stay in the first-level cache. */
const AT_ONCE = 64;

/** in: chosen, some rows. out: those, one after the other */
function gather(rows: Float64Array, chosen: Uint32Array, width: number, out: Float64Array): void {
  for (let first = 0; first < chosen.length; first += AT_ONCE) {
    const end = Math.min(first + AT_ONCE, chosen.length);
    // A column after the other: the processor then waits for many rows at a time.
    for (let j = 0; j < width; j++) {
      for (let i = first, to = first * width + j; i < end; i++, to += width) out[to] = rows[chosen[i] * width + j];
    }
  }
}
