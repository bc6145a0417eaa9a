/** One iteration of one start, as callers see it: on all points, or before that on a part of them. */
export interface FitStep {
  /** index of the start, from 0 */
  readonly restart: number;
  /** iteration of that start, from 1 */
  readonly iteration: number;
  /** what `history` holds for this iteration */
  readonly lowerBound: number;
  /** how many points the part has, where it is one: such an iteration is not in `history`, and counts from 1 by itself */
  readonly part?: number;
}
