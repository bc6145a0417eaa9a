import { FARTHEST } from "../../mixture/density.ts";
import { GROUP_TILES, STRIP_POINTS } from "../../points/nodes.ts";
import { coordinates, readTileWeights, type Tiles } from "../../points/tiles.ts";
import { CANDIDATES_AT_ONCE, type DistanceKernel, type DistancePower } from "../distance-kernel.ts";

/** The slow, obvious distance kernel. */
export function referenceDistanceKernel(features: number, tileSize: number): DistanceKernel {
  const taken: { tiles: Tiles; tile: number }[] = [];
  const squared = new Float64Array(GROUP_TILES * tileSize);
  const weights = new Float64Array(GROUP_TILES * tileSize);
  const distances = new Float64Array(tileSize);
  const masses = new Float64Array(GROUP_TILES * 2);
  const potentials = new Float64Array(GROUP_TILES * CANDIDATES_AT_ONCE);
  const at = (values: Float64Array, place: number) => values.subarray(place * tileSize, (place + 1) * tileSize);

  /** From a centre, of the tile at a place. */
  function measure(place: number, centre: Float64Array): Float64Array {
    const { tiles, tile } = taken[place];
    squaredDistancesOfTile(tiles, tile, centre, distances);
    return distances;
  }

  /** Σ ω D², or Σ ω D. in: D² of each lane */
  function massOf(place: number, power: DistancePower, ofLane: (lane: number) => number): number {
    let sum = 0;
    for (let lane = 0; lane < tileSize; lane++) {
      const weight = weights[place * tileSize + lane];
      sum += weight * (power === 1 ? Math.sqrt(ofLane(lane)) : ofLane(lane));
    }
    return sum;
  }

  return {
    squared,

    take(tiles, tile) {
      taken[tile % GROUP_TILES] = { tiles, tile };
      readTileWeights(tiles, tile, at(weights, tile % GROUP_TILES));
    },

    approach({ first, end }, centre) {
      for (let place = first; place < end; place++) {
        const found = measure(place, centre);
        const own = at(squared, place);
        for (let lane = 0; lane < tileSize; lane++) own[lane] = Math.min(own[lane], found[lane]);
      }
    },

    masses({ first, end }, power) {
      for (let place = first; place < end; place++) {
        const own = at(squared, place);
        const counted = own.filter((_, lane) => at(weights, place)[lane] > 0);
        masses[2 * place] = massOf(place, power, (lane) => own[lane]);
        masses[2 * place + 1] = counted.reduce((most, value) => Math.max(most, value), 0);
      }
      return masses;
    },

    potentials({ first, end }, centres, power) {
      for (let place = first; place < end; place++) {
        const own = at(squared, place);
        for (let c = 0; c * features < centres.length; c++) {
          const found = measure(place, centres.subarray(c * features, (c + 1) * features));
          potentials[place * CANDIDATES_AT_ONCE + c] = massOf(place, power, (lane) => Math.min(own[lane], found[lane]));
        }
      }
      return potentials;
    },

    means(place) {
      const { tiles, tile } = taken[place];
      const numbers = coordinates(tiles, tile, tile + 1);
      const whole = new Float64Array(features);
      const strips = new Float64Array((tileSize / STRIP_POINTS) * features);
      for (let j = 0, at = 0; j < features; j++) {
        for (let lane = 0; lane < tileSize; lane++, at++) {
          strips[Math.floor(lane / STRIP_POINTS) * features + j] += numbers[at] / STRIP_POINTS;
          whole[j] += numbers[at] / tileSize;
        }
      }
      return { tile: whole, strips };
    },

    farthest(place, centres) {
      const out = new Float64Array(tileSize / STRIP_POINTS);
      for (let strip = 0; strip < out.length; strip++) {
        const first = centres.length === features ? 0 : strip * features;
        const found = measure(place, centres.subarray(first, first + features));
        const own = found.subarray(strip * STRIP_POINTS, (strip + 1) * STRIP_POINTS);
        out[strip] = own.reduce((most, value) => Math.max(most, value));
      }
      return out;
    },
  };
}

/** |x − centre|² of a tile's points, at most FARTHEST. in: centre, d. out: B */
export function squaredDistancesOfTile(tiles: Tiles, tile: number, centre: Float64Array, out: Float64Array): void {
  const { features, tileSize } = tiles;
  const numbers = coordinates(tiles, tile, tile + 1);
  out.fill(0);
  let index = 0;
  for (let j = 0; j < features; j++) {
    for (let lane = 0; lane < tileSize; lane++) {
      const z = numbers[index++] - centre[j];
      out[lane] += z * z;
    }
  }
  for (let lane = 0; lane < tileSize; lane++) out[lane] = Math.min(out[lane], FARTHEST);
}
