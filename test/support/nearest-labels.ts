import { type Tiles, tileCount } from "@emix/core";
import { squaredDistancesOfTile } from "../../packages/core/src/kernels/reference/reference-distances.ts";

/** The nearest of some centres for every stored point, the first of a tie, as plainly as can be. in: centres, k × d */
export function nearestLabels(tiles: Tiles, centres: Float64Array): Int32Array {
  const { features, tileSize } = tiles;
  const labels = new Int32Array(tileCount(tiles) * tileSize);
  const distances = new Float64Array(tileSize);
  for (let tile = 0; tile < tileCount(tiles); tile++) {
    const least = new Float64Array(tileSize).fill(Number.POSITIVE_INFINITY);
    for (let c = 0; c * features < centres.length; c++) {
      squaredDistancesOfTile(tiles, tile, centres.subarray(c * features, (c + 1) * features), distances);
      for (let lane = 0; lane < tileSize; lane++) {
        if (distances[lane] >= least[lane]) continue;
        least[lane] = distances[lane];
        labels[tile * tileSize + lane] = c;
      }
    }
  }
  return labels;
}
