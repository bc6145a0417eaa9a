import { ChunkOrder, tilesInChunk } from "../../points/order/chunk.ts";
import type { TilesInMemory } from "../../points/tiles.ts";
import type { BlockTask, ChunksPass } from "../pass.ts";

/** Orders the points of some chunks, which are neighbours in the order of a tree. */
export function chunks({ parameters, before, after }: ChunksPass, tiles: TilesInMemory): BlockTask {
  const { count, features, tileSize, data } = tiles;
  const inChunk = tilesInChunk(tiles) * tileSize;
  const chunk = new ChunkOrder(Math.min(inChunk, count), tiles);
  const { rows, width } = chunk;
  const [means, scales] = [parameters.subarray(0, features), parameters.subarray(features)];

  return (firstChunk, endChunk) => {
    for (let first = firstChunk * inChunk; first < Math.min(endChunk * inChunk, count); first += inChunk) {
      const own = before.subarray(first, Math.min(first + inChunk, count));
      for (let i = 0; i < own.length; i++) {
        const lane = own[i] % tileSize;
        let at = (own[i] - lane) * features + lane;
        for (let j = 0; j < features; j++, at += tileSize) rows[i * width + j] = (data[at] - means[j]) * scales[j];
      }
      const order = chunk.of(own.length);
      for (let i = 0; i < order.length; i++) after[first + i] = own[order[i]];
    }
  };
}
