import type { Regularization } from "../covariance/regularization.ts";
import { tooManyComponents } from "../errors.ts";
import { fallbacks } from "../kernels/dispatch.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { passesAtOnce } from "../passes/blocks.ts";
import { score } from "../passes/evaluation.ts";
import type { Executor } from "../passes/executor.ts";
import { type Random, randomStream } from "../random.ts";
import { statisticsLayout } from "../statistics/sufficient-statistics.ts";
import type { StopRule } from "../step/convergence.ts";
import { em } from "../step/em.ts";
import { programFor } from "../step/expectation.ts";
import type { Maximum } from "../step/maximization.ts";
import type { Warning } from "../warnings.ts";
import { greedyCandidates, kMeansPlusPlus } from "./initialization/k-means-plus-plus.ts";
import { fromCentres, fromRandomPoints } from "./initialization/start.ts";
import { interleave } from "./interleave.ts";
import type { InitializationName, ResolvedFitOptions } from "./options.ts";
import { type Prior, priorFor } from "./prior.ts";
import { constantFeatures, degenerateData, missingPoints, regularizationFor } from "./regularization.ts";
import { advance, begin, bestOf, type Run } from "./restarts.ts";
import { type Summary, summarize } from "./summary.ts";

/** One iteration of one start, as progress shows it. */
export interface FitStep {
  readonly restart: number;
  readonly iteration: number;
  /** what `history` holds of it */
  readonly lowerBound: number;
}

/** What a fit leaves, `mixture` still as plain parameters. */
export interface Fitted {
  readonly mixture: Mixture;
  /** Did the best start meet the tolerance? */
  readonly converged: boolean;
  /** iterations of the best start */
  readonly iterations: number;
  /** mean log-likelihood of `mixture`; of variational inference the lower bound of the evidence, of all points */
  readonly lowerBound: number;
  /**
   * What the stop rule saw of the best start, one an iteration: mean log-likelihood of the mixture that the iteration
   * began with, with a prior penalised by its density; the variational lower bound after the iteration
   */
  readonly history: readonly number[];
  /** index of the best start */
  readonly restart: number;
  readonly warnings: readonly Warning[];
}

/**
 * The whole fit: starts, a few iterations of each, the best of them to the end, and its lower bound. Starts run side
 * by side as the executor likes; each is the same whatever the others do, so the result does not depend on it. A start
 * that fails leaves the others be; the fit fails when all do.
 * @throws TOO_MANY_COMPONENTS, TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT (without regularization), EMPTY_COMPONENT
 * (by policy), OVERFLOW, UNDERFLOW, INVALID_OPTION (a prior that does not fit the points)
 */
export async function* fit(executor: Executor, options: ResolvedFitOptions): AsyncGenerator<FitStep, Fitted> {
  const summary = await summarize(executor);
  if (options.components > summary.counted) throw tooManyComponents(options.components, summary.counted);
  const asked = regularizationFor(options, summary);
  const prior = await priorFor(executor, options, summary, asked);
  // What a prior is to meet after the ridge cannot be given the ridge a second time.
  const regularization = prior === undefined ? asked : { ...asked, ridges: new Float64Array(asked.ridges.length) };
  const runs = await starts(executor, options, summary, regularization, prior);
  const follow = (run: Run, rule: StopRule) =>
    advance(run, (state) => em(executor, state, rule, regularization, options.emptyComponent, prior));

  const probing = {
    tolerance: options.tolerance,
    maxIterations: Math.min(options.restartIterations, options.maxIterations),
  };
  if (runs.length > 1) {
    const slot = statisticsLayout(options.components, executor.tiles.features, options.covarianceType).length;
    const probes = runs.map((run) => follow(run, probing));
    yield* interleave(probes, passesAtOnce(executor.tiles, slot, executor.threads));
  }

  let best = bestOf(runs);
  for (yield* follow(best, options); best.failure !== undefined; yield* follow(best, options)) best = bestOf(runs);

  const { mixture, converged, iteration, lowerBound } = best.state;
  const ofPoints = [...missingPoints(summary), ...degenerateData(summary), ...constantFeatures(summary)];
  best.warnings.add([...ofPoints, ...fallbacks(programFor(executor, mixture))], 0);
  return {
    mixture,
    converged,
    iterations: iteration,
    lowerBound: options.inference === "variational" ? lowerBound : await score(executor, mixture),
    history: best.history,
    restart: best.restart,
    warnings: best.warnings.list(),
  };
}

async function starts(
  executor: Executor,
  options: ResolvedFitOptions,
  summary: Summary,
  regularization: Regularization,
  prior: Prior | undefined,
): Promise<Run[]> {
  const { restarts, initialization, seed } = options;
  const streams = Array.from({ length: restarts }, (_, index) => randomStream(seed, initialization, index));
  const make = await makers[initialization](executor, options, summary, regularization, streams, prior);
  const runs: Run[] = [];
  for (const [restart, start] of make.entries()) runs.push(await begin(restart, start));
  return runs;
}

type Makers = (
  executor: Executor,
  options: ResolvedFitOptions,
  summary: Summary,
  regularization: Regularization,
  streams: readonly Random[],
  prior: Prior | undefined,
) => Promise<(() => Promise<Maximum>)[]>;

/** How each start is made, by the method of initialization. */
const makers: Readonly<Record<InitializationName, Makers>> = {
  async "k-means++"(executor, { components, covarianceType }, _summary, regularization, streams, prior) {
    const centres = await kMeansPlusPlus(executor, components, greedyCandidates(components), streams);
    return centres.map((own) => () => fromCentres(executor, own, covarianceType, regularization, prior));
  },

  async random(executor, { components, covarianceType }, summary, regularization, streams) {
    return streams.map((random) => async () => ({
      mixture: fromRandomPoints(executor, components, covarianceType, summary, random, regularization),
      warnings: [],
    }));
  },
};
