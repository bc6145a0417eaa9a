/** The four shapes of covariance; names as in scikit-learn. */
export type CovarianceType = "full" | "tied" | "diag" | "spherical";
