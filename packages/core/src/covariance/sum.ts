import { Matrix as Dense } from "ml-matrix";
import { cholesky, covarianceOf, invertTriangle } from "../linear-algebra/cholesky.ts";
import { factorOfRows } from "../linear-algebra/stacked.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import { inflationOf, MOST_INFLATION } from "./conditioning.ts";
import type { Matrix, OuterProduct, Term } from "./matrix.ts";

/** Σ share · Σ_i + Σ share · v vᵀ of triangles. The factor is not finite if the sum is singular. */
export function sumOfTriangles(terms: readonly Term[], outers: readonly OuterProduct[], features: number): Matrix {
  return plainSum(terms, outers, features) ?? stackedSum(terms, outers, features);
}

/** Adds entry by entry; null if that would cost the digits of thin directions. */
function plainSum(terms: readonly Term[], outers: readonly OuterProduct[], features: number): Matrix | null {
  const covariance = new Float64Array(triangleLength(features));
  for (const term of terms) {
    for (let i = 0; i < covariance.length; i++) covariance[i] += term.share * term.covariance[i];
  }
  for (const { share, vector } of outers) {
    for (let i = 0, at = 0; i < features; i++) {
      for (let j = 0; j <= i; j++) covariance[at++] += share * vector[i] * vector[j];
    }
  }
  const root = cholesky(covariance, features);
  if (root === null) return null;
  const sum = { covariance, factor: invertTriangle(root, features) };
  return inflationOf(sum, features) > MOST_INFLATION ? null : sum;
}

/** Adds by the QR decomposition of all factors, stacked: RᵀR = Σ share L Lᵀ + Σ share v vᵀ. */
function stackedSum(terms: readonly Term[], outers: readonly OuterProduct[], features: number): Matrix {
  const rows = new Dense(terms.length * features + outers.length, features);
  terms.forEach(({ share, factor }, term) => {
    const lower = invertTriangle(factor, features);
    for (let i = 0; i < features; i++) {
      for (let j = 0; j <= i; j++) {
        rows.set(term * features + j, i, Math.sqrt(share) * lower[triangleRow(i) + j]);
      }
    }
  });
  outers.forEach(({ share, vector }, index) => {
    vector.forEach((value, j) => {
      rows.set(terms.length * features + index, j, Math.sqrt(share) * value);
    });
  });
  const factor = invertTriangle(factorOfRows(rows), features);
  return { covariance: covarianceOf(factor, features), factor };
}
