/** One iteration of one start, as callers see it. */
export interface FitStep {
  /** index of the start, from 0 */
  readonly restart: number;
  /** iteration of that start, from 1 */
  readonly iteration: number;
  /** what `history` holds for this iteration */
  readonly lowerBound: number;
}
