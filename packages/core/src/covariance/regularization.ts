/**
 * How small a covariance may become. The M-step maximises under Σ ⪰ diag(floors) (derivation.md §6), then adds
 * diag(ridges), both in stored units. If all are zero, there is no regularization.
 */
export interface Regularization {
  /** d, variances; all positive, or all zero */
  readonly floors: Float64Array;
  /** d, variances added to the diagonal, scikit-learn's reg_covar; all positive, or all zero */
  readonly ridges: Float64Array;
}

export function regularizes({ floors, ridges }: Regularization): boolean {
  return floors[0] > 0 || ridges[0] > 0;
}

export function noRegularization(features: number): Regularization {
  const none = new Float64Array(features);
  return { floors: none, ridges: none };
}
