import type { Tiles } from "../points/tiles.ts";

/** k-means++ draws points in proportion to a power of their distance from the nearest centre: D² or D. */
export type DistancePower = 1 | 2;

/** What k-means++ knows of the points of a tile. */
export interface NearestCentres {
  /** B: D², the squared distance to the nearest centre so far */
  readonly squared: Float64Array;
  /** B: the index of that centre, the lower one of a tie */
  readonly labels: Int32Array;
}

/** Distances of the points of one tile, the open one. */
export interface DistanceKernel {
  /** Opens a tile. Its coordinates and weights must not change while it is open. */
  open(tiles: Tiles, tile: number): void;
  /** D² ← min(D², |x − centre|²); where it falls, `label` is the label. in/out: nearest */
  approach(centre: Float64Array, label: number, nearest: NearestCentres): void;
  /** out: Σ ω D², or Σ ω D with power 1; the greatest D² of a point that weighs something */
  mass(squared: Float64Array, power: DistancePower, out: Float64Array): void;
  /**
   * For every centre Σ ω · min(D², |x − centre|²), or with power 1 the root in place of the square; the bits are those of
   * `mass` after `approach`. in: D², B; centres, m × d. out: m
   */
  potentials(squared: Float64Array, centres: Float64Array, power: DistancePower, out: Float64Array): void;
  /**
   * Squared distances, at most FARTHEST, from a centre, or for each strip of 8 points from its own.
   * in: centres, 1 × d or B/8 × d. out: B, valid until the next call
   */
  distances(centres: Float64Array): Float64Array;
}
