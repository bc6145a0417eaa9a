/** One iteration of one start, as progress shows it. */
export interface FitStep {
  readonly restart: number;
  readonly iteration: number;
  /** what `history` holds of it */
  readonly lowerBound: number;
}
