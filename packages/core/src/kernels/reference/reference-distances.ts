import { FARTHEST } from "../../mixture/density.ts";
import { readTileWeights, type Tiles } from "../../points/tiles.ts";
import type { DistanceKernel } from "../distance-kernel.ts";

/** The slow, obvious distance kernel. */
export function referenceDistanceKernel(features: number, tileSize: number): DistanceKernel {
  const weights = new Float64Array(tileSize);
  const toCentre = new Float64Array(tileSize);

  return {
    measure(tiles, firstTile, endTile, { runs, candidates, parameters, squaredDistances }, potentials) {
      const padded = squaredDistances.length / runs;
      potentials.fill(0);
      for (let tile = firstTile; tile < endTile; tile++) {
        readTileWeights(tiles, tile, weights);
        for (let run = 0; run < runs; run++) {
          const begin = run * padded + tile * tileSize;
          const nearest = squaredDistances.subarray(begin, begin + tileSize);
          const centre = run * (1 + candidates) * features;
          squaredDistancesOfTile(tiles, tile, parameters, centre, toCentre);
          for (let lane = 0; lane < tileSize; lane++) nearest[lane] = Math.min(nearest[lane], toCentre[lane]);
          for (let candidate = 0; candidate < candidates; candidate++) {
            squaredDistancesOfTile(tiles, tile, parameters, centre + (1 + candidate) * features, toCentre);
            let potential = 0;
            for (let lane = 0; lane < tileSize; lane++) {
              potential += weights[lane] * Math.min(nearest[lane], toCentre[lane]);
            }
            potentials[run * candidates + candidate] += potential;
          }
        }
      }
    },
  };
}

/**
 * |x − centre|² of a tile's points, at most FARTHEST. A centre whose first coordinate is NaN stands for none.
 * in: centres, the centre's d coordinates at `offset`. out: B
 */
export function squaredDistancesOfTile(
  tiles: Tiles,
  tile: number,
  centres: Float64Array,
  offset: number,
  out: Float64Array,
): void {
  const { features, tileSize, data } = tiles;
  if (Number.isNaN(centres[offset])) {
    out.fill(FARTHEST);
    return;
  }
  out.fill(0);
  let index = tile * tileSize * features;
  for (let j = 0; j < features; j++) {
    const coordinate = centres[offset + j];
    for (let lane = 0; lane < tileSize; lane++) {
      const z = data[index++] - coordinate;
      out[lane] += z * z;
    }
  }
  for (let lane = 0; lane < tileSize; lane++) out[lane] = Math.min(out[lane], FARTHEST);
}
