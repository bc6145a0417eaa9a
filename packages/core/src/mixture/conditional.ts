import type { Mixture } from "./mixture.ts";

/** The same components without weights or posterior. Its joint densities are the densities of the components. */
export function withoutWeights({ posterior: _, ...parameters }: Mixture): Mixture {
  return { ...parameters, weights: new Float64Array(parameters.components).fill(1) };
}
