import { ChunkOrder, rowWidth, tilesInChunk } from "../../points/order/chunk.ts";
import type { Tiles } from "../../points/tiles.ts";
import type { BlockTask, ChunksPass } from "../pass.ts";

/** Orders the points of some chunks, which are neighbours in the order of a tree. */
export function chunks({ rows, before, after }: ChunksPass, tiles: Tiles): BlockTask {
  const { count, features, tileSize } = tiles;
  const inChunk = tilesInChunk(tiles) * tileSize;
  const chunk = new ChunkOrder(Math.min(inChunk, count), tiles);
  const width = rowWidth(features);

  return (firstChunk, endChunk) => {
    for (let first = firstChunk * inChunk; first < Math.min(endChunk * inChunk, count); first += inChunk) {
      const own = before.subarray(first, Math.min(first + inChunk, count));
      gather(rows, own, width, chunk.rows);
      const order = chunk.of(own.length);
      for (let i = 0; i < order.length; i++) after[first + i] = own[order[i]];
    }
  };
}

/** Rows that are copied together: they stay in the first-level cache. */
const AT_ONCE = 64;

/** in: chosen, some rows. out: those, one after the other */
function gather(rows: Float32Array, chosen: Uint32Array, width: number, out: Float32Array): void {
  for (let first = 0; first < chosen.length; first += AT_ONCE) {
    const end = Math.min(first + AT_ONCE, chosen.length);
    // A column after the other: the processor then waits for many rows at a time.
    for (let j = 0; j < width; j++) {
      for (let i = first, to = first * width + j; i < end; i++, to += width) out[to] = rows[chosen[i] * width + j];
    }
  }
}
