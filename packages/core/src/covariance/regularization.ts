/**
 * How singular a covariance may become: the M-step maximises under Σ ⪰ diag(floors) (derivation.md §6), then adds
 * ridge · I. Both zero: no regularization.
 */
export interface Regularization {
  /** d, variances; all positive, or all zero */
  readonly floors: Float64Array;
  /** a variance added to every diagonal entry; scikit-learn's reg_covar */
  readonly ridge: number;
}

export function regularizes({ floors, ridge }: Regularization): boolean {
  return floors[0] > 0 || ridge > 0;
}

export function unregularized(features: number): Regularization {
  return { floors: new Float64Array(features), ridge: 0 };
}
