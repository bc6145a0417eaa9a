import { type CovarianceType, covarianceRow, type MatrixKind } from "../types.ts";
import type { Chart } from "./chart.ts";
import { triangleChart } from "./triangle-chart.ts";
import { diagonalChart, scalarChart } from "./variances-chart.ts";

const CHARTS: Readonly<Record<MatrixKind, Chart>> = {
  triangle: triangleChart,
  diagonal: diagonalChart,
  scalar: scalarChart,
};

/** The coordinates of a covariance type's matrices. */
export function matrixChart(type: CovarianceType): Chart {
  return CHARTS[covarianceRow(type).matrix];
}
