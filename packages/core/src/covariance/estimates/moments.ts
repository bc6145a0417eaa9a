import type { Shape } from "../covariances.ts";

/** The statistics of a step, in the form from which covariances are estimated. */
export interface Moments extends Shape {
  /** S, `scatterLength` numbers */
  readonly scatter: Float64Array;
  /** N, k */
  readonly masses: Float64Array;
  /** δ = s/N, k × d, and the remainder of the division */
  readonly shifts: Float64Array;
  readonly shiftRests: Float64Array;
  /** k: whether the scatter is taken in the frame of `frames`, which is packed like factors */
  readonly framed: Int8Array;
  readonly frames: Float64Array;
  /** k × d: the variance of the rounding of each mean, which replaces a variance of exactly 0 */
  readonly least: Float64Array;
  /** true: factors may stay as rounding leaves them */
  readonly rough?: boolean;
}
