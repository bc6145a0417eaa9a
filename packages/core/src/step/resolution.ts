/** How finely the points are known: what is thinner than this tells of rounding, not of the data. */
export interface Resolution {
  /** d, steps that the features were rounded to beyond the rounding of numbers; 0 where there are none */
  readonly steps: Float64Array;
  /** spacing of stored numbers just above 1 */
  readonly epsilon: number;
}

const EPSILONS: Readonly<Record<"f64" | "f32", number>> = { f64: 2 ** -52, f32: 2 ** -23 };

/** The resolution of numbers that were rounded to nothing coarser than their type. */
export function resolutionOf(dtype: "f64" | "f32", features: number): Resolution {
  return { steps: new Float64Array(features), epsilon: EPSILONS[dtype] };
}
