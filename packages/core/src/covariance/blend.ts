import { Matrix, QrDecomposition } from "ml-matrix";
import { cholesky, covarianceOf, invertTriangle } from "../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import type { Covariances } from "./covariance.ts";
import { inflationOf, MOST_INFLATION } from "./estimate.ts";
import { transposedTriangle } from "./floor.ts";

/**
 * How data and a prior make up covariances: Σ_c ← data_c Σ_c + prior_c Ψ + outer_c d_c d_cᵀ, all shares ≥ 0 (of tied
 * covariances the first of data and prior count, and outer products of all components are added up).
 */
export interface Blend {
  /** k each; Σ_c is not read where its share is 0 */
  readonly data: Float64Array;
  readonly prior: Float64Array;
  readonly outer: Float64Array;
  /** d, k × d */
  readonly offsets: Float64Array;
}

/** A covariance with its factor, packed, and its share in a sum. */
interface Term {
  readonly share: number;
  readonly covariance: Float64Array;
  readonly factor: Float64Array;
}

interface Outer {
  readonly share: number;
  readonly vector: Float64Array;
}

/** Σ ← its blend, of one of several packed matrices; factor not finite where the sum is singular. */
export function blendMatrix(
  data: Covariances,
  prior: Covariances,
  blend: Blend,
  matrix: number,
  outers: readonly number[],
): Covariances {
  const features = blend.offsets.length / blend.outer.length;
  const own = matrix * triangleLength(features);
  const end = own + triangleLength(features);
  const terms = [
    {
      share: blend.data[matrix],
      covariance: data.packedCovariances.subarray(own, end),
      factor: data.factors.subarray(own, end),
    },
    { share: blend.prior[matrix], covariance: prior.packedCovariances, factor: prior.factors },
  ].filter(({ share }) => share > 0);
  const vectors = outers.map((component) => ({
    share: blend.outer[component],
    vector: blend.offsets.subarray(component * features, (component + 1) * features),
  }));
  return plainSum(terms, vectors, features) ?? stackedSum(terms, vectors, features);
}

/** Added up entry by entry; null where that would cost the digits of thin directions. */
function plainSum(terms: readonly Term[], outers: readonly Outer[], features: number): Covariances | null {
  const sum = new Float64Array(triangleLength(features));
  for (const { share, covariance } of terms)
    covariance.forEach((value, i) => {
      sum[i] += share * value;
    });
  for (const { share, vector } of outers) {
    for (let i = 0; i < features; i++) {
      for (let j = 0; j <= i; j++) sum[triangleRow(i) + j] += share * vector[i] * vector[j];
    }
  }
  const root = cholesky(sum, features);
  if (root === null) return null;
  const factors = invertTriangle(root, features);
  return inflationOf(sum, factors, features) > MOST_INFLATION ? null : { packedCovariances: sum, factors };
}

/** By the QR decomposition of all factors on top of each other: RᵀR = Σ share L Lᵀ + Σ share d dᵀ. */
function stackedSum(terms: readonly Term[], outers: readonly Outer[], features: number): Covariances {
  const rows = new Matrix(terms.length * features + outers.length, features);
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
  const factors = invertTriangle(transposedTriangle(new QrDecomposition(rows).upperTriangularMatrix), features);
  return { packedCovariances: covarianceOf(factors, features), factors };
}
