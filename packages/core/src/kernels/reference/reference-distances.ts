import { FARTHEST } from "../../mixture/density.ts";
import { STRIP_POINTS } from "../../points/nodes.ts";
import { readTileWeights, type Tiles } from "../../points/tiles.ts";
import type { DistanceKernel, DistancePower } from "../distance-kernel.ts";

/** The slow, obvious distance kernel. */
export function referenceDistanceKernel(features: number, tileSize: number): DistanceKernel {
  const weights = new Float64Array(tileSize);
  const found = new Float64Array(tileSize);
  let open: { readonly tiles: Tiles; readonly tile: number };

  /** Σ ω D², or Σ ω D. in: D² of a lane */
  function massOf(squared: (lane: number) => number, power: DistancePower): number {
    let sum = 0;
    for (let lane = 0; lane < tileSize; lane++) {
      sum += weights[lane] * (power === 1 ? Math.sqrt(squared(lane)) : squared(lane));
    }
    return sum;
  }

  return {
    open(tiles, tile) {
      open = { tiles, tile };
      readTileWeights(tiles, tile, weights);
    },

    approach(centre, label, { squared, labels }) {
      squaredDistancesOfTile(open.tiles, open.tile, centre, found);
      for (let lane = 0; lane < tileSize; lane++) {
        if (found[lane] >= squared[lane]) continue;
        labels[lane] = label;
        squared[lane] = found[lane];
      }
    },

    mass(squared, power, out) {
      out[0] = massOf((lane) => squared[lane], power);
      out[1] = 0;
      for (let lane = 0; lane < tileSize; lane++) if (weights[lane] > 0) out[1] = Math.max(out[1], squared[lane]);
    },

    potentials(squared, centres, power, out) {
      for (let c = 0; c < out.length; c++) {
        squaredDistancesOfTile(open.tiles, open.tile, centres.subarray(c * features, (c + 1) * features), found);
        out[c] = massOf((lane) => Math.min(squared[lane], found[lane]), power);
      }
    },

    distances(centres) {
      const whole = new Float64Array(tileSize);
      const lanes = centres.length === features ? tileSize : STRIP_POINTS;
      for (let lane = 0; lane < tileSize; lane += lanes) {
        const first = (lane / lanes) * features;
        squaredDistancesOfTile(open.tiles, open.tile, centres.subarray(first, first + features), whole);
        found.set(whole.subarray(lane, lane + lanes), lane);
      }
      return found;
    },
  };
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
