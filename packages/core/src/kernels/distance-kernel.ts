import type { Tiles } from "../points/tiles.ts";

/** For several runs of k-means++ at once: the centre each chose last, and its candidates for the next one. */
export interface DistanceRequest {
  readonly runs: number;
  readonly candidates: number;
  /** runs × (1 + candidates) × d: the centre, then the candidates; a first coordinate of NaN stands for no centre */
  readonly parameters: Float64Array;
  /** runs × ⌈n/B⌉·B: squared distance to the nearest centre so far, brought up to date */
  readonly squaredDistances: Float64Array;
}

export interface DistanceKernel {
  /**
   * Of the tiles [firstTile, endTile): D² ← min(D², |x − centre|²), then for every candidate its potential
   * Σ ω · min(D², |x − candidate|²).
   * out: potentials, runs × candidates, overwritten
   */
  measure(tiles: Tiles, firstTile: number, endTile: number, request: DistanceRequest, potentials: Float64Array): void;
}
