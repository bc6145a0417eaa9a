import { badReport, tooManySampleRows } from "./errors.ts";
import { MOST_SAMPLE_ROWS, type ReportData } from "./report-data.ts";

/** @throws INVALID_OPTION where lengths disagree, a number is missing or the sample is too long */
export function checkReport(report: ReportData): void {
  const { columns, units, mixture, sample, fit, traces } = report;
  const features = columns.length;
  const components = mixture.weights.length;
  if (features === 0) throw badReport("columns", "the names of at least one column", "none");
  if (components === 0) throw badReport("mixture.weights", "a weight for each of at least one group", "none");
  if (units !== undefined) requireLength("units", units, features);
  requireNumbers("mixture.weights", mixture.weights, components);
  requireNumbers("mixture.means", mixture.means, components * features);
  requireNumbers("mixture.covariances", mixture.covariances, components * features * features);
  if (fit !== null && traces[fit.restart] === undefined) {
    throw badReport("fit.restart", `the index of one of ${traces.length} traces`, String(fit.restart));
  }
  checkSample(sample, features, components);
  for (const [i, { values }] of report.outliers.entries()) requireLength(`outliers[${i}].values`, values, features);
}

function checkSample(sample: ReportData["sample"], features: number, components: number): void {
  const count = sample.labels.length;
  if (count > MOST_SAMPLE_ROWS) throw tooManySampleRows(count, MOST_SAMPLE_ROWS);
  requireNumbers("sample.values", sample.values, count * features);
  requireLength("sample.maxResponsibilities", sample.maxResponsibilities, count);
  requireLength("sample.logDensities", sample.logDensities, count);
  if (sample.rows !== undefined) requireLength("sample.rows", sample.rows, count);
  const stray = Array.from(sample.labels).find(
    (label) => !(Number.isInteger(label) && label >= 0 && label < components),
  );
  if (stray !== undefined) throw badReport("sample.labels", `integers from 0 to ${components - 1}`, String(stray));
}

function requireLength(field: string, values: ArrayLike<unknown>, length: number): void {
  if (values.length !== length) throw badReport(field, `of length ${length}`, `length ${values.length}`);
}

function requireNumbers(field: string, values: ArrayLike<number>, length: number): void {
  requireLength(field, values, length);
  const at = Array.from(values).findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw badReport(field, "finite numbers", `${values[at]} at index ${at}`);
}
