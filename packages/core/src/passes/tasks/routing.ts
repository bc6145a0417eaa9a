import type { KernelCache } from "../../kernels/kernel-cache.ts";
import { rowWidth } from "../../points/order/parting-kernel.ts";
import { coordinates, type Tiles } from "../../points/tiles.ts";
import type { BlockTask, RoutingPass } from "../pass.ts";

/** Takes every point of some tiles down the tree, and leaves its row where chunks ask for it. */
export function routing(
  { program, tree, leafOf, rows, parameters }: RoutingPass,
  tiles: Tiles,
  kernels: KernelCache,
): BlockTask {
  const { count, features, tileSize } = tiles;
  const width = rowWidth(features);
  const kernel = kernels.routing(program, { features, tileSize, tree, measures: parameters });

  return (first, end) => {
    for (let tile = first; tile < end; tile++) {
      kernel.route(coordinates(tiles, tile, tile + 1));
      const [from, to] = [tile * tileSize, Math.min((tile + 1) * tileSize, count)];
      for (let i = from; i < to; i++) leafOf[i] = kernel.leaves[i - from];
      if (rows === null) continue;
      const own = to - from === tileSize ? kernel.rows : kernel.rows.subarray(0, (to - from) * width);
      rows.set(own, from * width);
    }
  };
}
