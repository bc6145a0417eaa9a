import type { Tiles } from "../points/tiles.ts";

/** For several restarts of k-means++ at once: the centre that each chose last, and its candidates for the next one. */
export interface DistanceRequest {
  readonly restarts: number;
  readonly candidates: number;
  /** true: no centre is chosen yet, and the centres in the parameters have no meaning */
  readonly first: boolean;
  /** restarts × (1 + candidates) × d: the centre, then the candidates */
  readonly parameters: Float64Array;
  /** restarts × ⌈n/B⌉·B: squared distance to the nearest centre so far; the pass updates it */
  readonly squaredDistances: Float64Array;
}

export interface DistanceKernel {
  /**
   * For the tiles [firstTile, endTile): D² ← min(D², |x − centre|²) if there is a centre, then for every candidate its
   * potential Σ ω · min(D², |x − candidate|²).
   * out: potentials, restarts × candidates, overwritten
   */
  measure(tiles: Tiles, firstTile: number, endTile: number, request: DistanceRequest, potentials: Float64Array): void;
}
