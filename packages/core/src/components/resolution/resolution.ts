/** How finely the points are known. Anything thinner than this shows rounding, not the data. */
export interface Resolution {
  /** d: the steps to which features were rounded when they were recorded; 0 for none */
  readonly steps: Float64Array;
  /** spacing of stored numbers just above 1 */
  readonly epsilon: number;
}

const EPSILONS: Readonly<Record<"f64" | "f32", number>> = { f64: 2 ** -52, f32: 2 ** -23 };

/** The resolution of numbers that were rounded to their type only. */
export function resolutionOf(dtype: "f64" | "f32", features: number): Resolution {
  return { steps: new Float64Array(features), epsilon: EPSILONS[dtype] };
}
