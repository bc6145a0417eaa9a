import { expandCovariances } from "../../covariance/public-shapes.ts";
import { collapsedComponent, type EmixError, type ErrorCode } from "../../errors.ts";
import { weightTotal } from "../../linear-algebra/weighted-mean.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { inOrder, matchingOrder } from "../../mixture/order.ts";
import { inStoredUnits, inUnitsOfPoints } from "../../mixture/units.ts";
import type { Executor } from "../../passes/executor.ts";
import type { Seed } from "../../random.ts";
import type { Iteration } from "../../step/iteration.ts";
import { isNumerical } from "../../step/numerical-failure.ts";
import { interleave } from "../concurrency/interleave.ts";
import type { FitStep } from "../fit-step.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { rulesFor } from "../rules.ts";
import { summarize } from "../summary.ts";
import { type RefitJob, refit } from "./refit.ts";
import { type Spread, spreadOf } from "./spread.ts";

/** What the parameters of a mixture would be had other points been drawn from the same population. */
export interface Bootstrap {
  /** how many resamples count: all but those that failed */
  readonly resamples: number;
  /** k */
  readonly weights: Spread;
  /** k × d */
  readonly means: Spread;
  /** as the `covariances` of the mixture */
  readonly covariances: Spread;
  /** resamples that count though they ended at `maxIterations` */
  readonly notConverged: readonly number[];
  /** resamples that do not count, and why */
  readonly failed: readonly FailedResample[];
}

/** A resample that could not be fitted. */
export interface FailedResample {
  /** its number, from 0 */
  readonly resample: number;
  /** the code of the error */
  readonly code: ErrorCode;
  /** the message of the error */
  readonly message: string;
}

/** How a bootstrap is made. */
export interface BootstrapPlan {
  /** the mixture in question, in the units of the points */
  readonly mixture: Mixture;
  /** how each resample is fitted */
  readonly options: ResolvedFitOptions;
  readonly resamples: number;
  /** the share inside an interval */
  readonly level: number;
  readonly seed: Seed;
}

/** Fits a resample, wherever. */
export type RunRefit = (job: RefitJob) => Promise<Iteration>;

/** Fits of more points take all threads, one after the other; of fewer, each takes one thread. */
const MANY_POINTS = 2 ** 20;

/**
 * The bootstrap (Efron 1979; McLachlan and Peel 2000, §2.16): points are drawn anew from the points, and each resample
 * is fitted from the mixture, with its components matched to those of the mixture. Yields a step for each resample.
 * @throws the failure of the first resample if fewer than two can be fitted; and as a fit
 */
export async function* bootstrap(
  executor: Executor,
  plan: BootstrapPlan,
  runRefit: RunRefit,
): AsyncGenerator<FitStep, Bootstrap> {
  const { options, resamples, seed } = plan;
  const { prior, ...rules } = await rulesFor(executor, options, await summarize(executor));
  const mixture = inStoredUnits(withoutPosterior(plan.mixture), executor.tiles.exponents);
  const { components, covarianceType } = mixture;
  const shared = { sample: executor.tiles, rules, prior: prior.facts, mixture, components, covarianceType, seed };
  const isLarge = executor.tiles.count > MANY_POINTS;
  const run = isLarge ? (job: RefitJob) => refit(executor, job) : runRefit;
  const outcomes: Outcome[] = [];
  const begun = Array.from({ length: resamples }, (_, index) => refitResample(run, { ...shared, index }, outcomes));
  yield* interleave(begun, isLarge ? 1 : executor.threads);
  return bootstrapOf(outcomes, plan, executor);
}

type Outcome = Iteration | EmixError;

async function* refitResample(run: RunRefit, job: RefitJob, outcomes: Outcome[]): AsyncGenerator<FitStep, void> {
  const outcome = await outcomeOf(run, job);
  outcomes[job.index] = outcome;
  if ("code" in outcome) return;
  yield { restart: job.index, iteration: outcome.iteration, lowerBound: outcome.lowerBound };
}

/** A component that collapsed tells of equal draws, not of the population. */
async function outcomeOf(run: RunRefit, job: RefitJob): Promise<Outcome> {
  try {
    const state = await run(job);
    const collapsed = state.warnings.find(({ code }) => code === "COLLAPSED_COMPONENT");
    if (collapsed?.component === undefined) return state;
    const { components, features, weights } = state.mixture;
    const mass = weights[collapsed.component] * weightTotal(job.sample.count, job.sample.pointWeights);
    return collapsedComponent(collapsed.component, components, mass, features, collapsed.rank);
  } catch (error) {
    if (isNumerical(error)) return error;
    throw error;
  }
}

function bootstrapOf(outcomes: readonly Outcome[], { mixture, level }: BootstrapPlan, { tiles }: Executor): Bootstrap {
  const failed: FailedResample[] = [];
  const notConverged: number[] = [];
  const mixtures: Mixture[] = [];
  outcomes.forEach((outcome, resample) => {
    if ("code" in outcome) {
      failed.push({ resample, code: outcome.code, message: outcome.message });
      return;
    }
    if (!outcome.converged) notConverged.push(resample);
    const own = inUnitsOfPoints(outcome.mixture, tiles.exponents);
    mixtures.push(inOrder(own, matchingOrder(own, mixture)));
  });
  if (mixtures.length < 2) throw outcomes.find((outcome) => "code" in outcome);
  const of = (values: (one: Mixture) => Float64Array) => spreadOf(mixtures.map(values), level);
  return {
    resamples: mixtures.length,
    weights: of((one) => one.weights),
    means: of((one) => one.means),
    covariances: of((one) => expandCovariances(one, one)),
    notConverged,
    failed,
  };
}

function withoutPosterior({ posterior: _, ...point }: Mixture): Mixture {
  return point;
}
