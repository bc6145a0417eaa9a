import type { Covariances } from "../covariances.ts";
import type { Matrix } from "../matrix.ts";
import type { Moments } from "./moments.ts";

/** Covariances of several components with their variance inflations, k. */
export interface InflatedCovariances extends Pick<Covariances, "packedCovariances" | "factors"> {
  readonly inflations: Float64Array;
}

/** Σ share Σ_i + common share Ψ + vector share v vᵀ of several components; the shares are k each. */
interface TriangleSums {
  readonly covariances: Float64Array;
  readonly shares: Float64Array;
  /** Ψ, packed, the same for all */
  readonly common: Float64Array;
  readonly commonShares: Float64Array;
  /** k × d */
  readonly vectors: Float64Array;
  readonly vectorShares: Float64Array;
}

/**
 * Computes triangles of several components side by side, to the last bit as one after the other. What is not ordinary, as a matrix
 * without a Cholesky factor, is left to others. What writes covariances gives k numbers, 1 for each
 * component that is done.
 */
export interface ManyTriangles {
  /** As `estimateTriangle`, of components without frames. */
  estimate(moments: Moments, to: InflatedCovariances): Uint8Array;
  /** As `adderOfTriangles`, where sums lose no digits. */
  add(sums: TriangleSums, to: InflatedCovariances): Uint8Array;
  /** As `MatrixForm.spread`: tr(W Σ Wᵀ). in: factors, k triangles. out: k, of all components */
  spreads(of: Matrix, factors: Float64Array): Float64Array;
}
