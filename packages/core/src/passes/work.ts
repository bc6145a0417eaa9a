import type { Shape } from "../covariance/covariances.ts";
import { covarianceRow } from "../covariance/types.ts";
import type { KernelShape } from "../kernels/kernel.ts";
import type { Tiles } from "../points/tiles.ts";

// Roughly how many flops passes take. This decides whether a pass is worth using threads, and which kernel serves it.

/** An E-step and an M-step. */
export function expectationWork(count: number, { components, features, covarianceType }: KernelShape): number {
  const perFeature = covarianceRow(covarianceType).matrix === "triangle" ? 2 * features : 8;
  return count * components * (16 + features * perFeature);
}

/** An M-step in which each point has one component. */
export function labelledWork(count: number, shape: KernelShape): number {
  return expectationWork(count, { ...shape, components: 1 });
}

/** The distances of all points from the centres. in: centres, how many */
export function distancesWork(count: number, features: number, centres: number): number {
  return count * features * centres * 3;
}

/** The least work that a component takes, however few features it has. */
const COMPONENT_WORK = 8192;

/** What a step computes of each component by itself, beside sums over points: a judgement, or whether it moved. */
export function componentsWork({ components, features, covarianceType }: Shape): number {
  const perFeature = covarianceRow(covarianceType).matrix === "triangle" ? 16 * features ** 2 : 64;
  return components * (COMPONENT_WORK + features * perFeature);
}

/** Roughly how many operations part a point from its neighbours. */
const CHUNK_WORK = 1024;
const CHUNK_WORK_OF_FEATURE = 64;

export function chunksWork({ count, features }: Pick<Tiles, "count" | "features">): number {
  return count * (CHUNK_WORK + features * CHUNK_WORK_OF_FEATURE);
}
