/**
 * Everything a report shows, as plain JSON. Matrices are flat, row after row, and typed arrays serve as well. Groups are
 * the components of the mixture; a group's number is its index, which is also the label that `predict` writes.
 */
export interface ReportData {
  readonly title: string;
  /** How the data were read, a sentence each. */
  readonly reading: readonly string[];
  /** Rows that were fitted; 0 where it is not known how many. */
  readonly rows: number;
  /** Names of the features, d. */
  readonly columns: readonly string[];
  /** Units of the features, d; "" for none. Default none. */
  readonly units?: readonly string[];
  readonly mixture: ReportMixture;
  /** null where it is not known how the mixture came about */
  readonly fit: ReportFit | null;
  /** Every start of the fit, in order. */
  readonly traces: readonly ReportTrace[];
  /** The models that were compared, if several were. */
  readonly selection?: readonly ReportChoice[];
  readonly sample: ReportSample;
  /** Rows of lowest log density, most unusual first. */
  readonly outliers: readonly ReportOutlier[];
  /** Sentences. */
  readonly warnings: readonly string[];
  /** How to make the report again: name and value of each fact, in order (version, command, seed, fingerprint, …). */
  readonly provenance: Readonly<Record<string, string>>;
}

export interface ReportMixture {
  readonly covarianceType: string;
  /** k */
  readonly weights: ArrayLike<number>;
  /** k × d, in the units of the points */
  readonly means: ArrayLike<number>;
  /** k × d × d, of every type and shared ones too */
  readonly covariances: ArrayLike<number>;
}

export interface ReportFit {
  /** Mean log-likelihood of a row; of a variational fit the lower bound of the evidence. */
  readonly lowerBound: number;
  /** Lower is better; null where a criterion does not apply. */
  readonly bic: number | null;
  readonly aic: number | null;
  readonly icl: number | null;
  readonly converged: boolean;
  readonly iterations: number;
  /** Index in `traces` of the start that was kept. */
  readonly restart: number;
  /** Wall time; null where it is not known. */
  readonly seconds: number | null;
  /** What was asked for, by the names of the options. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
}

export interface ReportTrace {
  /** Lower bound of each iteration. */
  readonly bounds: ArrayLike<number>;
  /** Why the start failed, a sentence. */
  readonly failure?: string;
}

export interface ReportChoice {
  readonly components: number;
  readonly covarianceType: string;
  /** null where the fit failed */
  readonly bic: number | null;
  readonly icl: number | null;
}

/** At most 4,000 rows, drawn at random from those that were fitted. */
export interface ReportSample {
  /** n × d */
  readonly values: ArrayLike<number>;
  /** n, the group of highest responsibility */
  readonly labels: ArrayLike<number>;
  /** n, the responsibility of that group */
  readonly maxResponsibilities: ArrayLike<number>;
  /** n */
  readonly logDensities: ArrayLike<number>;
  /** n, numbers of the rows in the file, from 1. Default: not shown. */
  readonly rows?: ArrayLike<number>;
}

export interface ReportOutlier {
  /** number of the row in the file, from 1 */
  readonly row: number;
  /** d */
  readonly values: ArrayLike<number>;
  readonly label: number;
  readonly logDensity: number;
}

/** Rows of a sample that a page can hold. */
export const MOST_SAMPLE_ROWS = 4000;
