/** One iteration of one start, as callers see it. */
export interface FitStep {
  readonly restart: number;
  readonly iteration: number;
  /** what `history` holds for this iteration */
  readonly lowerBound: number;
}
