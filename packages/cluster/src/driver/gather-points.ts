import type { ChosenPoints, Tiles, TilesFacts } from "@emix/core";
import type { GatherRequest, Plan } from "../protocol.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { type PartitionRange, tilesOfPartitions } from "./partitions.ts";

/** Bytes of coordinates in one reply. */
const REPLY_BYTES = 2 ** 25;

/** Points that workers hold. */
interface HeldPoints {
  readonly plan: Plan;
  readonly tiles: TilesFacts;
  readonly dispatcher: Dispatcher;
}

/** Copies points, as `RemoteExecutor.gather` does: partition by partition, some at a time. */
export async function gatherPoints(
  { plan, tiles, dispatcher }: HeldPoints,
  { points, weights }: ChosenPoints,
  memory: ArrayBufferLike,
): Promise<Tiles> {
  const { features, tileSize, exponents } = tiles;
  const padded = Math.ceil(points.length / tileSize) * tileSize;
  const data = new Float64Array(memory, 0, padded * features);
  const atOnce = Math.max(tileSize, Math.floor(REPLY_BYTES / (8 * features)));
  const bring = async ({ partition }: PartitionRange, places: readonly number[]) => {
    for (let first = 0; first < places.length; first += atOnce) {
      const own = places.slice(first, first + atOnce);
      const request: GatherRequest = { plan, points: Float64Array.from(own, (place) => points[place]) };
      const [found] = await dispatcher.ask("gather", request, [{ partition, first: 0, end: own.length }]);
      own.forEach((to, from) => {
        copyPoint({ data: found as Float64Array, index: from }, { data, index: to }, tiles);
      });
    }
  };
  const ranges = tilesOfPartitions(tiles, dispatcher.partitions);
  const places = ranges.map((): number[] => []);
  for (let i = 0; i < points.length; i++) places[partitionOf(ranges, Math.floor(points[i] / tileSize))].push(i);
  await Promise.all(ranges.map((range, i) => bring(range, places[i])));
  for (let to = points.length; to < padded; to++) copyPoint({ data, index: 0 }, { data, index: to }, tiles);
  const pointWeights = weights === null ? null : new Float64Array(memory, data.byteLength, padded);
  pointWeights?.fill(0).set(weights as Float64Array);
  const facts = { count: points.length, features, tileSize, exponents, dropped: null, order: null };
  return { ...facts, dtype: "f64", data, pointWeights };
}

function partitionOf(ranges: readonly PartitionRange[], tile: number): number {
  return ranges.findIndex(({ end }) => tile < end);
}

/** A place in tiles of doubles. */
interface PlaceInTiles {
  readonly data: Float64Array;
  readonly index: number;
}

/** Copies a point. */
function copyPoint(
  from: PlaceInTiles,
  to: PlaceInTiles,
  { features, tileSize }: Pick<TilesFacts, "features" | "tileSize">,
): void {
  const start = (index: number) => (index - (index % tileSize)) * features + (index % tileSize);
  for (let j = 0, a = start(from.index), b = start(to.index); j < features; j++, a += tileSize, b += tileSize) {
    to.data[b] = from.data[a];
  }
}
