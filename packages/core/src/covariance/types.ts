/** The covariance types; the first four are named as in scikit-learn. */
export type CovarianceType = "full" | "tied" | "diag" | "spherical" | "tied-diag" | "tied-spherical";

/**
 * How one covariance is stored: a packed lower triangle, the variances of a diagonal, or one variance for all features.
 */
export type MatrixKind = "triangle" | "diagonal" | "scalar";

/** All that distinguishes one covariance type from another. */
export interface CovarianceRow {
  readonly matrix: MatrixKind;
  /** true: one matrix for all components; false: one each */
  readonly shared: boolean;
}

const ROWS: Readonly<Record<CovarianceType, CovarianceRow>> = {
  full: { matrix: "triangle", shared: false },
  tied: { matrix: "triangle", shared: true },
  diag: { matrix: "diagonal", shared: false },
  spherical: { matrix: "scalar", shared: false },
  "tied-diag": { matrix: "diagonal", shared: true },
  "tied-spherical": { matrix: "scalar", shared: true },
};

export const COVARIANCE_TYPES: readonly CovarianceType[] = Object.keys(ROWS) as CovarianceType[];

export function covarianceRow(type: CovarianceType): CovarianceRow {
  return ROWS[type];
}
