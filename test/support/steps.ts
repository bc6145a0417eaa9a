import {
  type Executor,
  em,
  GaussianMixture,
  inStoredUnits,
  inUnitsOfPoints,
  type KernelKind,
  KernelPrograms,
  type PointsLike,
  startFrom,
} from "@emix/core";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import type { Iteration } from "../../packages/core/src/step/iteration.ts";
import { plainRules, type Rules } from "../../packages/core/src/step/rules.ts";
import { inThreadExecutor } from "./in-thread-executor.ts";

export type ExecutorOf = (points: PointsLike, pointWeights?: ArrayLike<number>) => Executor;

/** Kinds of kernels that laws are to hold for. */
export const KERNELS: readonly KernelKind[] = ["reference", "simd"];

/** Executors of one kind of kernel, which compile each module once. */
export function executorsBy(kernel: KernelKind): ExecutorOf {
  const programs = new KernelPrograms({ kernel });
  return (points, pointWeights) => ({ ...inThreadExecutor(tilePoints(points, pointWeights)), programs });
}

export const executorOf: ExecutorOf = executorsBy("reference");

/** All iterations of EM by these rules, plain ones where not given; mixtures in the units of the points. */
export async function iterations(
  executor: Executor,
  start: GaussianMixture | Iteration,
  rules: Partial<Rules>,
): Promise<Iteration[]> {
  const { features, exponents } = executor.tiles;
  const from = start instanceof GaussianMixture ? startFrom(start.parameters) : start;
  const stored = { ...from, mixture: inStoredUnits(from.mixture, exponents) };
  const all: Iteration[] = [];
  for await (const iteration of em(executor, stored, { ...plainRules(features), ...rules })) {
    all.push({ ...iteration, mixture: inUnitsOfPoints(iteration.mixture, exponents) });
  }
  return all;
}

/** Exactly `count` EM iterations; out: the last. */
export async function steps(
  executor: Executor,
  start: GaussianMixture | Iteration,
  count: number,
  rules: Partial<Rules> = {},
): Promise<Iteration> {
  const all = await allSteps(executor, start, count, rules);
  return all[all.length - 1];
}

/** Exactly `count` EM iterations, every one of them. */
export function allSteps(
  executor: Executor,
  start: GaussianMixture | Iteration,
  count: number,
  rules: Partial<Rules> = {},
): Promise<Iteration[]> {
  const taken = start instanceof GaussianMixture ? 0 : start.iteration;
  return iterations(executor, start, { ...rules, maxIterations: taken + count });
}
