/**
 * How singular a covariance may become, and from where on it has collapsed: the M-step maximises under Σ ⪰ diag(floors) (derivation.md §6), then adds
 * diag(ridges), both in the units of stored points. All zero: no regularization.
 */
export interface Regularization {
  /** d, variances; all positive, or all zero */
  readonly floors: Float64Array;
  /** d, variances added to the diagonal, scikit-learn's reg_covar; all positive, or all zero */
  readonly ridges: Float64Array;
  /** d, steps that the features were rounded to beyond the rounding of numbers; 0 where there are none */
  readonly steps: Float64Array;
  /** spacing of stored numbers just above 1 */
  readonly epsilon: number;
}

export const EPSILONS: Readonly<Record<"f64" | "f32", number>> = { f64: 2 ** -52, f32: 2 ** -23 };

export function regularizes({ floors, ridges }: Regularization): boolean {
  return floors[0] > 0 || ridges[0] > 0;
}

export function unregularized(features: number): Regularization {
  const none = new Float64Array(features);
  return { floors: none, ridges: none, steps: none, epsilon: EPSILONS.f64 };
}
