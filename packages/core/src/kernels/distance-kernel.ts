import type { TileRange } from "../points/tiles.ts";

/** k-means++ draws points in proportion to a power of their distance from the nearest centre: D² or D. */
export type DistancePower = 1 | 2;

/** For several restarts of k-means++ at once: the centre that each chose last, and its candidates for the next one. */
export interface DistanceRequest {
  readonly restarts: number;
  readonly candidates: number;
  readonly power: DistancePower;
  /** true: no centre is chosen yet, and the centres in the parameters have no meaning */
  readonly first: boolean;
  /** restarts × (1 + candidates) × d: the centre, then the candidates */
  readonly parameters: Float64Array;
  /** restarts × ⌈n/B⌉·B: squared distance to the nearest centre so far; the pass updates it */
  readonly squaredDistances: Float64Array;
}

export interface DistanceKernel {
  /**
   * For some tiles: D² ← min(D², |x − centre|²) if there is a centre, then for every candidate its
   * potential Σ ω · min(D², |x − candidate|²), or with power 1 the root in place of the square.
   * out: potentials, restarts × candidates, overwritten
   */
  measure(range: TileRange, request: DistanceRequest, potentials: Float64Array): void;
  /**
   * The index of the nearest centre of every point of some tiles, the lower one of a tie.
   * in: centres, k × d. out: labels
   */
  label(range: TileRange, centres: Float64Array, labels: Int32Array): void;
}
