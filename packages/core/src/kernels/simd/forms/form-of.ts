import { type CovarianceType, covarianceRow, type MatrixKind } from "../../../covariance/types.ts";
import type { Measures } from "../language/setting.ts";
import type { Form } from "./form.ts";
import { ownTriangles, sharedTriangle } from "./triangles.ts";
import { varianceForm } from "./variances.ts";

const FORMS: Readonly<Record<MatrixKind, (measures: Measures, shared: boolean) => Form>> = {
  triangle: (measures, shared) => (shared ? sharedTriangle(measures) : ownTriangles(measures)),
  diagonal: (measures) => varianceForm("diagonal", measures),
  scalar: (measures) => varianceForm("scalar", measures),
};

export function formOf(type: CovarianceType, measures: Measures): Form {
  const { matrix, shared } = covarianceRow(type);
  return FORMS[matrix](measures, shared);
}
