import {
  type Executor,
  type FitOptions,
  fit,
  GaussianMixture,
  inUnitsOfPoints,
  type Mixture,
  type Pass,
  type PointsLike,
  resolveFitOptions,
  summarize,
} from "@emix/core";
import type { Conjugate } from "../../packages/core/src/components/conjugate.ts";
import { fromResponsibilities } from "../../packages/core/src/fit/initialization/from-responsibilities.ts";
import { conjugateFor, priorFor } from "../../packages/core/src/fit/prior.ts";
import { rulesFor } from "../../packages/core/src/fit/rules.ts";
import { densityLayout } from "../../packages/core/src/mixture/density.ts";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import type { Prior } from "../../packages/core/src/step/prior/prior.ts";
import { plainRules } from "../../packages/core/src/step/rules.ts";
import { inThreadExecutor } from "./in-thread-executor.ts";
import { limitsFor } from "./regularization.ts";
import { iterations } from "./steps.ts";

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
  const rules = await rulesFor(executor, resolved, await summarize(executor));
  const { components, covarianceType } = resolved;
  const flat = labels.flatMap((label) => Array.from({ length: components }, (_, c) => Number(c === label)));
  const stored = fromResponsibilities(executor.tiles, { flat, components }, covarianceType, rules);
  const start = inUnitsOfPoints(stored, executor.tiles.exponents);
  const taken = await iterations(executor, new GaussianMixture(start), rules);
  const last = taken[taken.length - 1];
  return {
    start,
    rules,
    iterations: taken,
    lowerBounds: taken.map(({ lowerBound }) => lowerBound),
    at: (iteration: number): Mixture => taken[iteration - 1].mixture,
    mixture: new GaussianMixture(last.mixture),
    converged: last.converged,
  };
}

/** The prior that a fit with these options takes. */
export async function resolvedPrior(executor: Executor, options: FitOptions): Promise<Prior> {
  return priorFor(executor, ...(await resolved(executor, options)));
}

/** The numbers that it is made of. */
export async function resolvedConjugate(executor: Executor, options: FitOptions): Promise<Conjugate> {
  const [{ prior, ...all }, summary, rules] = await resolved(executor, options);
  if (prior === null) throw new Error("there is a prior");
  return conjugateFor(executor, { ...all, prior }, summary, rules);
}

async function resolved(executor: Executor, options: FitOptions) {
  const all = resolveFitOptions(options);
  const summary = await summarize(executor);
  return [all, summary, { ...plainRules(executor.tiles.features), ...limitsFor(all, summary) }] as const;
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
