/** How one covariance is held: a packed lower triangle, the variances of a diagonal, or one variance for all features. */
export type MatrixKind = "triangle" | "diagonal" | "scalar";

/** All that tells one covariance type from another. */
export interface CovarianceRow {
  readonly matrix: MatrixKind;
  /** true: one matrix for all components; false: one each */
  readonly shared: boolean;
}

const ROWS = {
  full: { matrix: "triangle", shared: false },
  tied: { matrix: "triangle", shared: true },
  diag: { matrix: "diagonal", shared: false },
  spherical: { matrix: "scalar", shared: false },
} as const satisfies Readonly<Record<string, CovarianceRow>>;

/** The covariance types; names as in scikit-learn. */
export type CovarianceType = keyof typeof ROWS;

export const COVARIANCE_TYPES: readonly CovarianceType[] = Object.keys(ROWS) as CovarianceType[];

export function covarianceRow(type: CovarianceType): CovarianceRow {
  return ROWS[type];
}
