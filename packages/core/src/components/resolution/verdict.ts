/** How a component's covariance compares with the rounding of the data. */
export interface Verdict {
  readonly component: number;
  /**
   * η: the rounding of the data in standard deviations of the covariance's thinnest direction (derivation.md eq. 30); ∞
   * if the covariance is singular
   */
  readonly resolution: number;
  /** the number of directions that are wider than the rounding */
  readonly rank: number;
}
