import type { TilesFacts } from "@emix/core";
import type { NumbersRequest, Plan } from "../protocol.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { tilesOfPartitions } from "./partitions.ts";

/** Points that workers hold. */
interface HeldPoints {
  readonly plan: Plan;
  readonly tiles: Pick<TilesFacts, "count" | "tileSize">;
  readonly dispatcher: Dispatcher;
}

/** Tiles in one reply. */
const TILES_AT_ONCE = 2 ** 16;

/** A number of every point, ⌈n/B⌉·B: its weight, or log |dz/dx|. */
export async function numbersOf(
  kind: "weights" | "volumes",
  { plan, tiles, dispatcher }: HeldPoints,
): Promise<Float64Array> {
  const { count, tileSize } = tiles;
  const all = new Float64Array(Math.ceil(count / tileSize) * tileSize);
  const request: NumbersRequest = { plan };
  const bring = async ({ partition, first, end }: { partition: number; first: number; end: number }) => {
    for (let from = first; from < end; from += TILES_AT_ONCE) {
      const range = { partition, first: from, end: Math.min(from + TILES_AT_ONCE, end) };
      const [found] = await dispatcher.ask(kind, request, [range]);
      all.set(found as Float64Array, from * tileSize);
    }
  };
  await Promise.all(tilesOfPartitions(tiles, dispatcher.partitions).map(bring));
  return all;
}
