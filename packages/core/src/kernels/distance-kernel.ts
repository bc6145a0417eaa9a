import type { Tiles } from "../points/tiles.ts";

/** k-means++ draws points in proportion to a power of their distance from the nearest centre: D² or D. */
export type DistancePower = 1 | 2;

/** Consecutive places of tiles, [first, end). */
export interface Places {
  readonly first: number;
  readonly end: number;
}

/**
 * Distances of the points of up to GROUP_TILES tiles from centres. Each tile has a place: its index modulo GROUP_TILES.
 * What a kernel gives out is its own: it holds until a call for the same places.
 */
export interface DistanceKernel {
  /** GROUP_TILES × B: D² of the tiles at their places, to be written before they are used */
  readonly squared: Float64Array;
  /** Takes the coordinates and the weights of a tile to its place. */
  take(tiles: Tiles, tile: number): void;
  /** D² ← min(D², |x − centre|²). in: centre, d */
  approach(places: Places, centre: Float64Array): void;
  /** out: GROUP_TILES × 2: Σ ω D² of a tile, or Σ ω D with power 1; the greatest D² of a point that weighs something */
  masses(places: Places, power: DistancePower): Float64Array;
  /**
   * For every tile and centre Σ ω · min(D², |x − centre|²), or with power 1 the root in place of the square; the bits are
   * those of `masses` after `approach`. in: centres, at most CANDIDATES_AT_ONCE × d. out: GROUP_TILES × CANDIDATES_AT_ONCE
   */
  potentials(places: Places, centres: Float64Array, power: DistancePower): Float64Array;
  /** The means of the points of a tile, and of each strip of 8 of it, whatever their weights; padding counts as well. */
  means(place: number): TileMeans;
  /**
   * The greatest squared distance, at most FARTHEST, of the points of each strip of 8 of a tile from a centre, or from the
   * strip's own. in: centres, 1 × d or B/8 × d. out: B/8
   */
  farthest(place: number, centres: Float64Array): Float64Array;
}

interface TileMeans {
  /** d */
  readonly tile: Float64Array;
  /** B/8 × d */
  readonly strips: Float64Array;
}

/** Candidates that are measured in one pass, with two vectors of points side by side. */
export const CANDIDATES_AT_ONCE = 4;
