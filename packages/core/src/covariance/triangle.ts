import {
  cholesky,
  covarianceOf,
  divideTriangles,
  invertTriangle,
  multiplyTriangle,
  stretchesBelow,
} from "../linear-algebra/cholesky.ts";
import { greatest } from "../linear-algebra/extremes.ts";
import { timesPower } from "../linear-algebra/powers-of-two.ts";
import { triangleDiagonal, triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import { greatestRow, inflationInFrame, inflationOf, rankOf, shrinkageOf, spreadOf } from "./conditioning.ts";
import { estimateTriangle, refinedFactor, triangleRoom } from "./estimate.ts";
import { regularizeTriangle } from "./floor.ts";
import type { MatrixForm } from "./matrix.ts";
import { adderOfTriangles } from "./sum.ts";

/** A whole covariance matrix: Σ = S/N − δδᵀ, its lower triangle packed by rows. */
export const triangle: MatrixForm = {
  length: triangleLength,
  publicLength: (features) => features * features,
  featuresPerVariance: () => 1,
  estimator(features) {
    const room = triangleRoom(features);
    return (scatter) => estimateTriangle(scatter, room);
  },
  refined: refinedFactor,
  adder: adderOfTriangles,
  regularize: regularizeTriangle,

  factorize(covariance, features) {
    const root = cholesky(covariance, features);
    return root === null ? leadingRank(covariance, features) : invertTriangle(root, features);
  },

  inflation: inflationOf,
  inflationInFrame,
  move(squares, variances) {
    let most = 0;
    for (let j = 0; j < squares.length; j++) most = Math.max(most, moveOf(squares[j], variances[j]));
    return most;
  },
  shrinkage: shrinkageOf,
  spread: spreadOf,
  greatestRow,
  rank: rankOf,
  diagonal: triangleDiagonal,

  rescale({ covariance, factor }, exponents) {
    const places = exponents.flatMap((_, i) => exponents.slice(0, i + 1).map((_, j) => [i, j] as const));
    return {
      covariance: covariance.map((value, index) => {
        const [i, j] = places[index];
        return timesPower(timesPower(value, exponents[i]), exponents[j]);
      }),
      factor: factor.map((value, index) => timesPower(value, -exponents[places[index][1]])),
    };
  },

  isotropic(variance, features) {
    const packed = new Float64Array(triangleLength(features));
    for (let i = 0; i < features; i++) packed[triangleRow(i) + i] = variance;
    return packed;
  },

  root: ({ factor }, features) => invertTriangle(factor, features),
  width: (factor, features) => Math.sqrt(largestRow(covarianceOf(factor, features), features)),
  multiply: (packed, vector, out) => multiplyTriangle(packed, 0, vector, out),
  divide: divideTriangles,
  stretchesBelow,
  expandCovariance: (covariance, features) => expandTriangle(covariance, features, true),
  expandFactor: (factor, features) => expandTriangle(factor, features, false),

  pack(matrix, features) {
    const packed = new Float64Array(triangleLength(features));
    for (let i = 0, index = 0; i < features; i++) {
      for (let j = 0; j <= i; j++) packed[index++] = matrix[i * features + j];
    }
    return packed;
  },

  asymmetry(matrix, features, tolerance) {
    for (let row = 0; row < features; row++) {
      for (let column = row + 1; column < features; column++) {
        const scale = Math.sqrt(Math.abs(matrix[row * (features + 1)] * matrix[column * (features + 1)]));
        const apart = Math.abs(matrix[row * features + column] - matrix[column * features + row]);
        if (apart > tolerance * scale) return [row, column];
      }
    }
    return null;
  },

  agrees({ covariance, factor }, features, tolerance) {
    const rebuilt = covarianceOf(factor, features);
    if (!rebuilt.every(Number.isFinite)) return false;
    const size = triangleDiagonal(rebuilt, features).map(Math.sqrt);
    for (let i = 0; i < features; i++) {
      for (let j = 0; j <= i; j++) {
        const at = triangleRow(i) + j;
        if (!(Math.abs(covariance[at] - rebuilt[at]) <= tolerance * size[i] * size[j])) return false;
      }
    }
    return true;
  },

  priorPower: (degreesOfFreedom, means, features) => degreesOfFreedom + (features + 1 + means),
};

/** δ²/σ²; 0 for a mean that stayed where it was, whatever the variance. */
function moveOf(square: number, variance: number): number {
  return square === 0 ? 0 : square / Math.max(variance, 0);
}

/** Packed triangle → d × d, row-major: its transpose, or the whole matrix if symmetric. */
function expandTriangle(packed: Float64Array, features: number, symmetric: boolean): Float64Array {
  const out = new Float64Array(features * features);
  for (let i = 0, index = 0; i < features; i++) {
    for (let j = 0; j <= i; j++, index++) {
      out[j * features + i] = packed[index];
      if (symmetric) out[i * features + j] = packed[index];
    }
  }
  return out;
}

/** max_i Σ_j |A_ij|, which no eigenvalue exceeds. */
function largestRow(symmetric: Float64Array, features: number): number {
  const rows = new Float64Array(features);
  for (let i = 0, index = 0; i < features; i++) {
    for (let j = 0; j <= i; j++, index++) {
      const size = Math.abs(symmetric[index]);
      rows[i] += size;
      if (j < i) rows[j] += size;
    }
  }
  return greatest(rows);
}

/** Size of the largest leading part that is positive definite. */
function leadingRank(symmetric: Float64Array, features: number): number {
  let rank = features;
  while (cholesky(symmetric, rank) === null) rank--;
  return rank;
}
