import { orderPoints, type PointsLike, type TilesInMemory } from "@emix/core";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { inThreadExecutor } from "./in-thread-executor.ts";

/** Points as an engine stores many of them. */
export async function orderedTiles(points: PointsLike, pointWeights?: ArrayLike<number>): Promise<TilesInMemory> {
  return inOrder(tilePoints(points, pointWeights));
}

/** The same points in order, in the memory of the given ones. */
export async function inOrder(tiles: TilesInMemory): Promise<TilesInMemory> {
  const order = new Uint32Array(tiles.count);
  await orderPoints(inThreadExecutor(tiles), order);
  return { ...tiles, order };
}
