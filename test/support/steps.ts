import {
  type Executor,
  em,
  GaussianMixture,
  type Iteration,
  inThreadExecutor,
  type KernelKind,
  KernelPrograms,
  type PointsLike,
  type Regularization,
  startFrom,
  tilePoints,
} from "@emix/core";

export type ExecutorOf = (points: PointsLike, pointWeights?: ArrayLike<number>) => Executor;

/** Kinds of kernels that laws are to hold for. */
export const KERNELS: readonly KernelKind[] = ["reference", "simd"];

/** Executors of one kind of kernel, which compile each module once. */
export function executorsBy(kernel: KernelKind): ExecutorOf {
  const programs = new KernelPrograms({ kernel });
  return (points, pointWeights) => ({ ...inThreadExecutor(tilePoints(points, pointWeights)), programs });
}

export const executorOf: ExecutorOf = executorsBy("reference");

/** Exactly `count` EM iterations; out: the last. */
export async function steps(
  executor: Executor,
  start: GaussianMixture | Iteration,
  count: number,
  regularization?: Regularization,
): Promise<Iteration> {
  const all = await allSteps(executor, start, count, regularization);
  return all[all.length - 1];
}

/** Exactly `count` EM iterations, every one of them. */
export async function allSteps(
  executor: Executor,
  start: GaussianMixture | Iteration,
  count: number,
  regularization?: Regularization,
): Promise<Iteration[]> {
  const from = start instanceof GaussianMixture ? startFrom(start.parameters) : start;
  const rule = { tolerance: 0, maxIterations: from.iteration + count };
  const all: Iteration[] = [];
  for await (const iteration of em(executor, from, rule, regularization)) all.push(iteration);
  return all;
}
