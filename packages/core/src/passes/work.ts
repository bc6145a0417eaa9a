import { covarianceRow } from "../covariance/types.ts";
import type { KernelShape } from "../kernels/kernel.ts";

// Flops of passes, roughly: what decides whether a pass is worth handing to threads, and which kernel serves it.

/** Of an E- and M-step. */
export function expectationWork(count: number, { components, features, covarianceType }: KernelShape): number {
  const perFeature = covarianceRow(covarianceType).matrix === "triangle" ? 2 * features : 8;
  return count * components * (16 + features * perFeature);
}

/** in: centres, those that every point is measured from */
export function distancesWork(count: number, features: number, centres: number): number {
  return count * features * centres * 3;
}
