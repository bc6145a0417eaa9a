import { orderPoints, type PointsLike, type Tiles } from "@emix/core";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { inThreadExecutor } from "./in-thread-executor.ts";

/** Points as an engine stores many of them. */
export async function orderedTiles(points: PointsLike, pointWeights?: ArrayLike<number>): Promise<Tiles> {
  return inOrder(tilePoints(points, pointWeights));
}

/** The same points in order, in the memory of the given ones. */
export async function inOrder(tiles: Tiles): Promise<Tiles> {
  const order = new Uint32Array(tiles.count);
  await orderPoints(inThreadExecutor(tiles), order);
  return { ...tiles, order };
}
