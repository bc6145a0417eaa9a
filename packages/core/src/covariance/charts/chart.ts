import type { Matrix, OuterProduct } from "../matrix.ts";

/**
 * Coordinates of covariances about one of them, Σ = L Lᵀ (derivation.md eq. 43). Another one is L T (L T)ᵀ with a ratio T,
 * packed like a factor; its coordinates are T with the logarithms of its diagonal, so that all numbers are valid.
 */
export interface Chart {
  /** T between two covariances. in: their factors */
  ratio(at: Float64Array, to: Float64Array, features: number): Float64Array;
  /** The covariance L T (L T)ᵀ. in: W = L⁻¹ */
  matrixAt(at: Float64Array, ratio: Float64Array, features: number): Matrix;
  /** T → coordinates, in place */
  logarithm(ratio: Float64Array, features: number): void;
  /** coordinates → T, in place */
  exponential(coordinates: Float64Array, features: number): void;
  /**
   * The derivatives, at T = I, of −log det T − ½ tr(T⁻¹ A T⁻ᵀ) in the coordinates, with A = ratio · ratioᵀ + Σ share · v
   * vᵀ.
   */
  slope(ratio: Float64Array, outers: readonly OuterProduct[], features: number): Float64Array;
  /** The Fisher information of each coordinate, for one point of the component. */
  information(features: number): Float64Array;
}
