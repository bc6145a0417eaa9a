import { passesAtOnce } from "./blocks.ts";
import { startFrom } from "./convergence.ts";
import type { Regularization } from "./covariance/regularization.ts";
import { em, type Iteration } from "./em.ts";
import { tooManyComponents } from "./errors.ts";
import { score } from "./evaluation.ts";
import type { Executor } from "./executor.ts";
import { greedyCandidates, kMeansPlusPlus } from "./initialization/k-means-plus-plus.ts";
import { fromCentres, fromRandomPoints } from "./initialization/start.ts";
import { interleave } from "./interleave.ts";
import type { Mixture } from "./mixture.ts";
import type { ResolvedFitOptions } from "./options.ts";
import { randomStream } from "./random.ts";
import { constantFeatures, regularizationFor } from "./regularization.ts";
import { statisticsLayout } from "./sufficient-statistics.ts";
import { type Summary, summarize } from "./summary.ts";
import { type Warning, WarningLog } from "./warnings.ts";

/** One iteration of one start, as progress shows it. */
export interface FitStep {
  readonly restart: number;
  readonly iteration: number;
  /** mean log-likelihood of the mixture that this iteration began with */
  readonly lowerBound: number;
}

/** What a fit leaves, `mixture` still as plain parameters. */
export interface Fitted {
  readonly mixture: Mixture;
  /** Did the best start meet the tolerance? */
  readonly converged: boolean;
  /** iterations of the best start */
  readonly iterations: number;
  /** mean log-likelihood of `mixture` */
  readonly lowerBound: number;
  /** lower bounds of the best start, one an iteration: of the mixture that the iteration began with */
  readonly history: readonly number[];
  /** index of the best start */
  readonly restart: number;
  readonly warnings: readonly Warning[];
}

/** A start under way: where its EM stands, and what it has told. */
interface Run {
  readonly restart: number;
  state: Iteration;
  readonly history: number[];
  readonly warnings: WarningLog;
}

/**
 * The whole fit: starts, a few iterations of each, the best of them to the end, and its lower bound. Starts run side
 * by side as the executor likes; each is the same whatever the others do, so the result does not depend on it.
 * @throws TOO_MANY_COMPONENTS, TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT (without regularization)
 */
export async function* fit(executor: Executor, options: ResolvedFitOptions): AsyncGenerator<FitStep, Fitted> {
  const summary = await summarize(executor);
  if (options.components > summary.counted) throw tooManyComponents(options.components, summary.counted);
  const regularization = regularizationFor(options, summary);
  const runs = await starts(executor, options, summary, regularization);

  const probing = {
    tolerance: options.tolerance,
    maxIterations: Math.min(options.restartIterations, options.maxIterations),
  };
  const probe = (run: Run) => advance(executor, run, probing, regularization);
  if (runs.length > 1) {
    const slot = statisticsLayout(options.components, executor.tiles.features, options.covarianceType).length;
    yield* interleave(runs.map(probe), passesAtOnce(executor.tiles, slot, executor.threads));
  }

  const best = runs.reduce((a, b) => (b.state.lowerBound > a.state.lowerBound ? b : a));
  yield* advance(executor, best, options, regularization);

  const { mixture, converged, iteration } = best.state;
  best.warnings.add([...constantFeatures(summary), ...executor.programs.warnings], 0);
  return {
    mixture,
    converged,
    iterations: iteration,
    lowerBound: await score(executor, mixture),
    history: best.history,
    restart: best.restart,
    warnings: best.warnings.list(),
  };
}

async function* advance(
  executor: Executor,
  run: Run,
  rule: Pick<ResolvedFitOptions, "tolerance" | "maxIterations">,
  regularization: Regularization,
): AsyncGenerator<FitStep, void> {
  for await (const iteration of em(executor, run.state, rule, regularization)) {
    run.state = iteration;
    run.history.push(iteration.lowerBound);
    run.warnings.add(iteration.warnings, iteration.iteration);
    yield { restart: run.restart, iteration: iteration.iteration, lowerBound: iteration.lowerBound };
  }
}

async function starts(
  executor: Executor,
  { components, covarianceType, restarts, initialization, seed }: ResolvedFitOptions,
  summary: Summary,
  regularization: Regularization,
): Promise<Run[]> {
  const streams = Array.from({ length: restarts }, (_, index) => randomStream(seed, initialization, index));
  const runs: Run[] = [];
  const add = (mixture: Mixture, warnings: readonly Warning[]) => {
    const run = { restart: runs.length, state: startFrom(mixture), history: [], warnings: new WarningLog() };
    run.warnings.add(warnings, 0);
    runs.push(run);
  };
  if (initialization === "random") {
    for (const random of streams) {
      add(fromRandomPoints(executor, components, covarianceType, summary, random, regularization), []);
    }
    return runs;
  }
  for (const centres of await kMeansPlusPlus(executor, components, greedyCandidates(components), streams)) {
    const { mixture, warnings } = await fromCentres(executor, centres, covarianceType, regularization);
    add(mixture, warnings);
  }
  return runs;
}
