import { Matrix as Dense } from "ml-matrix";
import { choleskyInPlace, covarianceOf, invertTriangle } from "../linear-algebra/cholesky.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import { factorOfRows } from "../linear-algebra/stacked.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import { inflationOf, MOST_INFLATION } from "./conditioning.ts";
import type { Matrix, OuterProduct, Term } from "./matrix.ts";

/**
 * Makes what finds Σ share · Σ_i + Σ share · v vᵀ of triangles, one sum after the other: each is valid until the next. The
 * factor is not finite if the sum is singular.
 */
export function adderOfTriangles(
  features: number,
): (terms: readonly Term[], outers: readonly OuterProduct[]) => Matrix {
  const length = triangleLength(features);
  const room = { covariance: zeros(length), root: zeros(length), factor: zeros(length) };
  return (terms, outers) => plainSum(terms, outers, features, room) ?? stackedSum(terms, outers, features);
}

/** Room for one sum after the other. */
interface SumRoom extends Matrix {
  readonly root: Float64Array;
}

/** Adds entry by entry; null if that would cost the digits of thin directions. */
function plainSum(
  terms: readonly Term[],
  outers: readonly OuterProduct[],
  features: number,
  { covariance, root, factor }: SumRoom,
): Matrix | null {
  covariance.fill(0);
  for (const term of terms) {
    for (let i = 0; i < covariance.length; i++) covariance[i] += term.share * term.covariance[i];
  }
  addOuterProducts(covariance, outers);
  root.set(covariance);
  if (!choleskyInPlace(root, features)) return null;
  const sum = { covariance, factor: invertTriangle(root, features, factor.fill(0)) };
  return inflationOf(sum, features) > MOST_INFLATION ? null : sum;
}

/** Adds Σ share · v vᵀ to a packed triangle, in place. */
export function addOuterProducts(to: Float64Array, outers: readonly OuterProduct[]): void {
  for (const { share, vector } of outers) {
    for (let i = 0, at = 0; i < vector.length; i++) {
      const row = share * vector[i];
      for (let j = 0; j <= i; j++) to[at++] += row * vector[j];
    }
  }
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
