import { exponential } from "../../elementary/exponential.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { covarianceOf, invertTriangle, multiplyTriangles, outerOfTriangle } from "../../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../../linear-algebra/triangle.ts";
import type { Chart } from "./chart.ts";

/** T is a lower triangle with a positive diagonal. */
export const triangleChart: Chart = {
  ratio: (at, to, features) => multiplyTriangles(at.factor, invertTriangle(to.factor, features), features),

  matrixAt(at, ratio, features) {
    const factor = multiplyTriangles(invertTriangle(ratio, features), at.factor, features);
    return { covariance: covarianceOf(factor, features), factor };
  },

  logarithm: (ratio, features) => onDiagonal(ratio, features, logarithm),
  exponential: (coordinates, features) => onDiagonal(coordinates, features, exponential),

  slope(ratio, outers, features) {
    const slope = outerOfTriangle(ratio, features);
    for (const { share, vector } of outers) {
      for (let i = 0; i < features; i++) {
        for (let j = 0; j <= i; j++) slope[triangleRow(i) + j] += share * vector[i] * vector[j];
      }
    }
    return onDiagonal(slope, features, (entry) => entry - 1);
  },

  information: (features) => onDiagonal(new Float64Array(triangleLength(features)).fill(1), features, () => 2),
};

/** A copy with other numbers on the diagonal. */
function onDiagonal(packed: Float64Array, features: number, change: (entry: number) => number): Float64Array {
  const copy = packed.slice();
  for (let i = 0; i < features; i++) copy[triangleRow(i) + i] = change(copy[triangleRow(i) + i]);
  return copy;
}
