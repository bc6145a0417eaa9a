import {
  type Executor,
  em,
  type FitOptions,
  fit,
  GaussianMixture,
  type Iteration,
  inThreadExecutor,
  type Mixture,
  type Pass,
  type PointsLike,
  regularizationFor,
  resolveFitOptions,
  startFrom,
  summarize,
  tilePoints,
} from "@emix/core";
import { fromResponsibilities } from "../../packages/core/src/fit/initialization/from-responsibilities.ts";
import { priorFor } from "../../packages/core/src/fit/prior.ts";
import { densityLayout } from "../../packages/core/src/mixture/density.ts";

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

/** The prior that a fit with these options takes. */
export async function resolved(executor: Executor, options: FitOptions) {
  const all = resolveFitOptions(options);
  const summary = await summarize(executor);
  const prior = await priorFor(executor, all, summary, regularizationFor(all, summary));
  if (prior === undefined) throw new Error("there is a prior");
  return prior;
}

/** A whole fit. */
export async function fitted(executor: Executor, options: FitOptions) {
  const steps = fit(executor, resolveFitOptions(options));
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

/** The executor, with every E-step counted, and done without the rule of zero if so asked. */
export function seen(executor: Executor, ruleOfZero = true) {
  let passes = 0;
  const run: Executor["run"] = (pass: Pass, consume) => {
    if (pass.kind !== "expectation") return executor.run(pass, consume);
    passes += 1;
    const parameters = pass.parameters.slice();
    const { components, features, covarianceType } = pass.program.shape;
    const { zeroThresholds, pivots } = densityLayout(components, features, covarianceType);
    if (!ruleOfZero) parameters.fill(1e301, zeroThresholds, pivots);
    return executor.run({ ...pass, parameters }, consume);
  };
  return { executor: { ...executor, run }, passes: () => passes };
}
