import { FARTHEST } from "../../mixture/density.ts";
import { readTileWeights, type Tiles } from "../../points/tiles.ts";
import type { DistanceKernel } from "../distance-kernel.ts";

/** The slow, obvious distance kernel. */
export function referenceDistanceKernel(features: number, tileSize: number): DistanceKernel {
  const weights = new Float64Array(tileSize);
  const squared = new Float64Array(tileSize);

  /** Σ ω · min(D², |x − candidate|²) over a tile. in: nearest, D² */
  function potential(tiles: Tiles, tile: number, candidate: Float64Array, nearest: Float64Array): number {
    squaredDistancesOfTile(tiles, tile, candidate, squared);
    let sum = 0;
    for (let lane = 0; lane < tileSize; lane++) sum += weights[lane] * Math.min(nearest[lane], squared[lane]);
    return sum;
  }

  return {
    measure(tiles, firstTile, endTile, { restarts, candidates, first, parameters, squaredDistances }, potentials) {
      const padded = squaredDistances.length / restarts;
      potentials.fill(0);
      for (let tile = firstTile; tile < endTile; tile++) {
        readTileWeights(tiles, tile, weights);
        for (let restart = 0; restart < restarts; restart++) {
          const begin = restart * padded + tile * tileSize;
          const nearest = squaredDistances.subarray(begin, begin + tileSize);
          const row = (index: number) => {
            const start = (restart * (1 + candidates) + index) * features;
            return parameters.subarray(start, start + features);
          };
          if (!first) approach(tiles, tile, row(0), nearest);
          for (let candidate = 0; candidate < candidates; candidate++) {
            potentials[restart * candidates + candidate] += potential(tiles, tile, row(1 + candidate), nearest);
          }
        }
      }
    },
  };

  /** D² ← min(D², |x − centre|²). in/out: nearest, D² */
  function approach(tiles: Tiles, tile: number, centre: Float64Array, nearest: Float64Array): void {
    squaredDistancesOfTile(tiles, tile, centre, squared);
    for (let lane = 0; lane < tileSize; lane++) nearest[lane] = Math.min(nearest[lane], squared[lane]);
  }
}

/** |x − centre|² of a tile's points, at most FARTHEST. in: centre, d. out: B */
export function squaredDistancesOfTile(tiles: Tiles, tile: number, centre: Float64Array, out: Float64Array): void {
  const { features, tileSize, data } = tiles;
  out.fill(0);
  let index = tile * tileSize * features;
  for (let j = 0; j < features; j++) {
    for (let lane = 0; lane < tileSize; lane++) {
      const z = data[index++] - centre[j];
      out[lane] += z * z;
    }
  }
  for (let lane = 0; lane < tileSize; lane++) out[lane] = Math.min(out[lane], FARTHEST);
}
