import { exponential } from "../../elementary/exponential.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { covarianceOf, invertTriangle, multiplyTriangles, outerOfTriangle } from "../../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../../linear-algebra/triangle.ts";
import { addOuterProducts } from "../sum.ts";
import type { Chart } from "./chart.ts";

/** T is a lower triangle with a positive diagonal. */
export const triangleChart: Chart = {
  ratio: (at, to, features) => multiplyTriangles(at, invertTriangle(to, features), features),

  matrixAt(at, ratio, features) {
    const factor = multiplyTriangles(invertTriangle(ratio, features), at, features);
    return { covariance: covarianceOf(factor, features), factor };
  },

  logarithm: (ratio, features) => changeDiagonal(ratio, features, logarithm),
  exponential: (coordinates, features) => changeDiagonal(coordinates, features, exponential),

  slope(ratio, outers, features) {
    const slope = outerOfTriangle(ratio, features);
    addOuterProducts(slope, outers);
    changeDiagonal(slope, features, (entry) => entry - 1);
    return slope;
  },

  information(features) {
    const information = new Float64Array(triangleLength(features)).fill(1);
    changeDiagonal(information, features, () => 2);
    return information;
  },
};

/** Other numbers on the diagonal. */
function changeDiagonal(packed: Float64Array, features: number, change: (entry: number) => number): void {
  for (let i = 0; i < features; i++) {
    const at = triangleRow(i) + i;
    packed[at] = change(packed[at]);
  }
}
