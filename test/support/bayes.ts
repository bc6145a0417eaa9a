import {
  em,
  type FitOptions,
  GaussianMixture,
  type Iteration,
  inThreadExecutor,
  type Mixture,
  type PointsLike,
  regularizationFor,
  resolveFitOptions,
  startFrom,
  summarize,
  tilePoints,
} from "@emix/core";
import { fromResponsibilities } from "../../packages/core/src/initialization/from-responsibilities.ts";
import { priorFor } from "../../packages/core/src/prior/prior.ts";

interface BayesCase {
  readonly points: PointsLike;
  readonly pointWeights?: ArrayLike<number>;
  /** where the start is made of hard assignments; k-means++ has other ideas */
  readonly labels: readonly number[];
  readonly options: FitOptions;
  readonly kernel?: "reference" | "simd";
}

/** What every iteration from a stated assignment leaves, with the prior that `fit` would take. */
export async function runBayes({ points, pointWeights, labels, options, kernel }: BayesCase) {
  const executor = inThreadExecutor(tilePoints(points, pointWeights), kernel);
  const resolved = resolveFitOptions(options);
  const summary = await summarize(executor);
  const asked = regularizationFor(resolved, summary);
  const prior = await priorFor(executor, resolved, summary, asked);
  const regularization = prior ? { ...asked, ridges: asked.ridges.map(() => 0) } : asked;
  const { components, covarianceType, emptyComponent } = resolved;
  const responsibilities = labels.flatMap((label) => Array.from({ length: components }, (_, c) => Number(c === label)));
  const start = fromResponsibilities(
    executor.tiles,
    responsibilities,
    components,
    covarianceType,
    regularization,
    prior,
  );
  const iterations: Iteration[] = [];
  for await (const step of em(executor, startFrom(start), resolved, regularization, emptyComponent, prior)) {
    iterations.push(step);
  }
  const last = iterations[iterations.length - 1];
  return {
    start,
    prior,
    iterations,
    lowerBounds: iterations.map(({ lowerBound }) => lowerBound),
    at: (iteration: number): Mixture => iterations[iteration - 1].mixture,
    mixture: new GaussianMixture(last.mixture),
    converged: last.converged,
  };
}
