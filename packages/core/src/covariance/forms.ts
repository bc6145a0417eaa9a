import type { MatrixForm } from "./matrix.ts";
import { triangle } from "./triangle.ts";
import { type CovarianceType, covarianceRow, type MatrixKind } from "./types.ts";
import { diagonal, scalar } from "./variances.ts";

const FORMS: Readonly<Record<MatrixKind, MatrixForm>> = { triangle, diagonal, scalar };

/** The operations on one matrix of a covariance type. */
export function matrixForm(type: CovarianceType): MatrixForm {
  return FORMS[covarianceRow(type).matrix];
}
