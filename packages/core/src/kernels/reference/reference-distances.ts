import { FARTHEST } from "../../mixture/density.ts";
import { readTileWeights, type Tiles } from "../../points/tiles.ts";
import type { DistanceKernel, DistancePower } from "../distance-kernel.ts";

/** The slow, obvious distance kernel. */
export function referenceDistanceKernel(features: number, tileSize: number): DistanceKernel {
  const weights = new Float64Array(tileSize);
  const squared = new Float64Array(tileSize);
  const least = new Float64Array(tileSize);

  /** Σ ω · min(nearest, squared), or of the roots, over a tile. in: nearest, D² */
  function potential(nearest: Float64Array, power: DistancePower): number {
    let sum = 0;
    for (let lane = 0; lane < tileSize; lane++) {
      const least = Math.min(nearest[lane], squared[lane]);
      sum += weights[lane] * (power === 1 ? Math.sqrt(least) : least);
    }
    return sum;
  }

  return {
    measure({ tiles, first, end }, request, potentials) {
      const { restarts, candidates, parameters, squaredDistances } = request;
      const padded = squaredDistances.length / restarts;
      potentials.fill(0);
      for (let tile = first; tile < end; tile++) {
        readTileWeights(tiles, tile, weights);
        for (let restart = 0; restart < restarts; restart++) {
          const begin = restart * padded + tile * tileSize;
          const nearest = squaredDistances.subarray(begin, begin + tileSize);
          const row = (index: number) => {
            const start = (restart * (1 + candidates) + index) * features;
            return parameters.subarray(start, start + features);
          };
          if (!request.first) approach(tiles, tile, row(0), nearest);
          for (let candidate = 0; candidate < candidates; candidate++) {
            squaredDistancesOfTile(tiles, tile, row(1 + candidate), squared);
            potentials[restart * candidates + candidate] += potential(nearest, request.power);
          }
        }
      }
    },

    label({ tiles, first, end }, centres, labels) {
      for (let tile = first; tile < end; tile++) {
        const from = (tile - first) * tileSize;
        labelTile(tiles, tile, centres, labels.subarray(from, from + tileSize));
      }
    },
  };

  function labelTile(tiles: Tiles, tile: number, centres: Float64Array, labels: Int32Array): void {
    squaredDistancesOfTile(tiles, tile, centres.subarray(0, features), least);
    labels.fill(0);
    for (let centre = 1; centre * features < centres.length; centre++) {
      squaredDistancesOfTile(tiles, tile, centres.subarray(centre * features, (centre + 1) * features), squared);
      for (let lane = 0; lane < tileSize; lane++) {
        if (squared[lane] >= least[lane]) continue;
        least[lane] = squared[lane];
        labels[lane] = centre;
      }
    }
  }

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
