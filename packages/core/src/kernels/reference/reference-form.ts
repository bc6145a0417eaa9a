import { matrixLength, matrixStart } from "../../covariance/shape.ts";
import { covarianceRow, type MatrixKind } from "../../covariance/types.ts";
import { multiplyTriangle } from "../../linear-algebra/cholesky.ts";
import { add, type CompensatedSums } from "../../linear-algebra/compensated-sum.ts";
import type { Measure } from "../../statistics/frames.ts";
import type { StatisticsLayout } from "../../statistics/sufficient-statistics.ts";

/** What the reference kernel needs of a kind of matrix; z = x − pivot, d. */
export interface ReferenceForm {
  /** y = W (x − μ), by eq. 3: W z − b with b = W·lo. in: W, packed; b, z, d. out: y, d */
  whiten(factor: Float64Array, bias: Float64Array, z: Float64Array, y: Float64Array): void;
  /** u = F z. in: F, packed like a factor; z, d. out: u, d */
  turn(frame: Float64Array, z: Float64Array, u: Float64Array): void;
  /** S += weight · u uᵀ. in: start, the index at which S begins in the sums */
  scatter(to: CompensatedSums, start: number, weight: number, u: Float64Array): void;
}

/** Variances have no frames. */
const noTurn: ReferenceForm["turn"] = (_frame, z, u) => u.set(z);

const FORMS: Readonly<Record<MatrixKind, ReferenceForm>> = {
  triangle: {
    whiten(factor, bias, z, y) {
      for (let i = 0, index = 0; i < z.length; i++) {
        let sum = -bias[i];
        for (let j = 0; j <= i; j++) sum += factor[index++] * z[j];
        y[i] = sum;
      }
    },

    turn: (frame, z, u) => multiplyTriangle(frame, 0, z, u),

    scatter(to, start, weight, u) {
      for (let i = 0, index = start; i < u.length; i++) {
        const weighted = weight * u[i];
        for (let j = 0; j <= i; j++) add(to, index++, weighted * u[j]);
      }
    },
  },

  diagonal: {
    whiten(factor, bias, z, y) {
      for (let j = 0; j < z.length; j++) y[j] = z[j] * factor[j] - bias[j];
    },

    turn: noTurn,

    scatter(to, start, weight, u) {
      for (let j = 0; j < u.length; j++) add(to, start + j, weight * u[j] * u[j]);
    },
  },

  scalar: {
    whiten([scale], bias, z, y) {
      for (let j = 0; j < z.length; j++) y[j] = z[j] * scale - bias[j];
    },

    turn: noTurn,

    scatter(to, start, weight, u) {
      let squared = 0;
      for (let j = 0; j < u.length; j++) squared += u[j] * u[j];
      add(to, start, weight * squared);
    },
  },
};

export function referenceForm(kind: MatrixKind): ReferenceForm {
  return FORMS[kind];
}

/** Adds a weighted point x, d, to the statistics of a component. */
export type AddPoint = (component: number, weight: number, x: Float64Array) => void;

/** Adds points to sums in `layout`: about the pivots of a measure and in its frames, or not at all. */
export function pointAdder(to: CompensatedSums, layout: StatisticsLayout, { pivots, frames }: Measure): AddPoint {
  const { components, features, covarianceType, responsibilitySums, weightedSums, scatter } = layout;
  const { matrix } = covarianceRow(covarianceType);
  const form = referenceForm(matrix);
  const length = matrixLength(matrix, features);
  const z = new Float64Array(features);
  const u = new Float64Array(features);
  const matrices = Array.from({ length: components }, (_, component) => {
    const start = matrixStart(covarianceType, component, features);
    return { scatterStart: scatter + start, frame: frames.factors.subarray(start, start + length) };
  });

  return (component, weight, x) => {
    const flag = frames.framed[component];
    if (flag < 0) return;
    const { scatterStart, frame } = matrices[component];
    const row = component * features;
    for (let j = 0; j < features; j++) z[j] = x[j] - pivots[row + j];
    add(to, responsibilitySums + component, weight);
    for (let j = 0; j < features; j++) add(to, weightedSums + row + j, weight * z[j]);
    if (flag > 0) form.turn(frame, z, u);
    form.scatter(to, scatterStart, weight, flag > 0 ? u : z);
  };
}
