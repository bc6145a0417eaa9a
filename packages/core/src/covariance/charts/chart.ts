import type { Matrix, OuterProduct } from "../matrix.ts";

/**
 * Coordinates of covariances about one of them, Σ = L Lᵀ (derivation.md eq. 43). Another one is L T (L T)ᵀ with a ratio T,
 * packed like a factor; its coordinates are T with the logarithms of its diagonal, so that all numbers are valid.
 */
export interface Chart {
  /** T between two covariances. */
  ratio(at: Matrix, to: Matrix, features: number): Float64Array;
  /** The covariance L T (L T)ᵀ. */
  matrixAt(at: Matrix, ratio: Float64Array, features: number): Matrix;
  /** T → coordinates */
  logarithm(ratio: Float64Array, features: number): Float64Array;
  /** coordinates → T */
  exponential(coordinates: Float64Array, features: number): Float64Array;
  /**
   * The derivatives, at T = I, of −log det T − ½ tr(T⁻¹ A T⁻ᵀ) in the coordinates, with A = ratio · ratioᵀ + Σ share · v
   * vᵀ.
   */
  slope(ratio: Float64Array, outers: readonly OuterProduct[], features: number): Float64Array;
  /** The Fisher information of each coordinate, for one point of the component. */
  information(features: number): Float64Array;
}
