import {
  type Bootstrap,
  type FitOptions,
  type FitStep,
  GaussianMixture,
  invalidOption,
  onlyKnown,
  requireBoolean,
  requireInteger,
  requireRegularization,
  requireSeed,
  resolveBootstrap,
  resolveFitOptions,
  type Sample,
  type StandardErrors,
} from "@emix/core";
import { CancelFlag } from "../cancel.ts";
import { type KeptFit, readKeptFit } from "../checkpoint/checkpoint.ts";
import { planOf } from "../checkpoint/option.ts";
import type { BootstrapOptions, EngineSampleOptions, QOptions } from "../questions/question-options.ts";
import { rehearse } from "../rehearsal.ts";
import { FitRun, Run } from "../run.ts";
import type { JobOf } from "./job.ts";
import { onlyDefined, parametersOf, requireControl } from "./methods/checks.ts";
import { KNOWN } from "./methods/names.ts";
import type {
  CallOptions,
  CriterionOptions,
  EmOptions,
  EngineFitOptions,
  EnginePoints,
  FitResult,
  InitializeOptions,
  MixtureOptions,
  ResumeOptions,
  StartOptions,
} from "./methods/options.ts";
import { type EngineOptions, resolveEngineOptions } from "./options.ts";
import { PointQueries } from "./point-queries.ts";

/** A fit that is asked for. */
interface FitCall {
  readonly call: CallOptions;
  readonly job: JobOf<"fit">;
}

/**
 * Fits and evaluates mixtures on all cores. Points come first, as callers have them or as `load` returned them;
 * everything else is in one options object. Below, n is the number of rows given: a row that `missing: "drop"` left out
 * has the label −1, and NaN in other results.
 * Every method rejects with an EmixError. Input can cause INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, INVALID_WEIGHT,
 * ZERO_TOTAL_WEIGHT, FEATURES_MISMATCH, INVALID_OPTION, UNKNOWN_OPTION, ALLOCATION_FAILED and OVERFLOW; a fit or a start
 * also TOO_MANY_COMPONENTS, TOO_FEW_DISTINCT_POINTS, COLLAPSED_COMPONENT, EMPTY_COMPONENT, INITIALIZATION_FAILED and
 * UNDERFLOW. Any work can end with ABORTED, ENGINE_CLOSED, ENGINE_LOST or WORKER_LOST, and
 * a fit does not begin where QUEUE_FULL.
 */
export class Engine extends PointQueries {
  /** @internal Waits until all threads have started and have rehearsed. @throws WORKER_LOST, ENGINE_LOST */
  override async ready(): Promise<this> {
    await super.ready();
    await rehearse(this, this.isHere);
    return this;
  }

  /** Fits a mixture. Await the run for the result, or iterate it for its steps. */
  fit(points: EnginePoints, options: EngineFitOptions): FitRun<FitStep, FitResult> {
    return this.#fitRun(points, () => {
      const { call, fit, job } = partsOf(options);
      return { call, job: { kind: "fit", options: resolveFitOptions(fit), ...job } };
    });
  }

  /**
   * Goes on with a fit from its checkpoint. The result has the same bits as if it had never been broken off.
   * @param path the file
   * Rejects as `fit`, and with BAD_CHECKPOINT, CHECKPOINT_MISMATCH.
   */
  resume(path: string, points: EnginePoints, options: ResumeOptions = {}): FitRun<FitStep, FitResult> {
    return this.#fitRun(points, async () => {
      const { call, job } = partsOf(onlyKnown(options, KNOWN.resume) as EngineFitOptions);
      return { call, job: { kind: "fit", ...job, ...(await readKeptFit(path)) } };
    });
  }

  /**
   * Tells how far the parameters of a mixture may be from those of the population that the points are drawn from: standard
   * errors and intervals, by the bootstrap. Points are drawn anew by their weights, and each resample is fitted from the
   * mixture. Await the run for the result, or iterate it for a step for each resample, whose number is `restart`.
   * Rejects as a fit, if fewer than two resamples can be fitted.
   */
  bootstrap(points: EnginePoints, options: BootstrapOptions): Run<FitStep, Bootstrap> {
    return new Run(async (tell) => {
      const { mixture, pointWeights, missing, signal, priority, onStep, ...settings } = options ?? {};
      const job = { kind: "bootstrap", ...resolveBootstrap(parametersOf(mixture), settings) } as const;
      return this.jobs.run(job, points, onlyDefined({ pointWeights, missing, signal, priority, onStep }), tell);
    });
  }

  /**
   * Standard errors of the parameters of a mixture that was fitted to these points, by the observed information: as the
   * bootstrap tells where points are many, at the cost of two E-steps for each parameter.
   * Rejects with NOT_A_MAXIMUM if the log-likelihood has no maximum at the mixture.
   */
  async standardErrors(points: EnginePoints, options: CriterionOptions): Promise<StandardErrors> {
    const { mixture, ...call } = onlyKnown(options, KNOWN.criterion);
    return this.jobs.run({ kind: "standardErrors", mixture: parametersOf(mixture) }, points, call);
  }

  /** Draws points from a mixture. */
  async sample(options: EngineSampleOptions): Promise<Sample> {
    const { mixture, count, seed = 0 } = onlyKnown(options, KNOWN.sample);
    requireInteger("count", count, 1);
    requireSeed(seed);
    return this.jobs.draw({ kind: "sample", mixture: parametersOf(mixture), count, seed });
  }

  /** OTT-JAX's `initialize`: a start by k-means++, drawn again while a component collapses. */
  async initialize(points: EnginePoints, options: InitializeOptions): Promise<GaussianMixture> {
    const { attempts = 50, ...start } = onlyKnown(options, KNOWN.initialize);
    requireInteger("attempts", attempts, 1);
    return this.#start(points, start, attempts);
  }

  /** OTT-JAX's `from_kmeans_plusplus`: a start by k-means++, drawn once. */
  async fromKmeansPlusPlus(points: EnginePoints, options: StartOptions): Promise<GaussianMixture> {
    return this.#start(points, onlyKnown(options, KNOWN.start), null);
  }

  /** OTT-JAX's `fit_model_em`: takes exactly `steps` EM steps. */
  async fitModelEm(points: EnginePoints, options: EmOptions): Promise<GaussianMixture> {
    const { mixture, steps, regularization = 0, verbose = false, ...call } = onlyKnown(options, KNOWN.em);
    requireInteger("steps", steps, 0);
    requireRegularization(regularization);
    requireBoolean("verbose", verbose);
    const job = { kind: "em", mixture: parametersOf(mixture), steps, regularization, verbose } as const;
    return new GaussianMixture(await this.jobs.run(job, points, call));
  }

  /** OTT-JAX's `get_assignment_probs`: the same as `predictProba`. */
  getAssignmentProbs(points: EnginePoints, options: MixtureOptions): Promise<Float64Array> {
    return this.predictProba(points, options);
  }

  /** OTT-JAX's `get_q`: the same as `expectedLogLikelihood`. */
  getQ(points: EnginePoints, options: QOptions): Promise<number> {
    return this.expectedLogLikelihood(points, options);
  }

  /** OTT-JAX's `log_prob_loss`: −`score`. */
  async logProbLoss(points: EnginePoints, options: CriterionOptions): Promise<number> {
    return -(await this.score(points, options));
  }

  #fitRun(points: EnginePoints, prepare: () => FitCall | Promise<FitCall>): FitRun<FitStep, FitResult> {
    const flag = new CancelFlag();
    return new FitRun(async (tell, left) => {
      const prepared = prepare();
      // A fit takes its place in the queue at once: an engine that is drained right after it still does it.
      const { call, job } = prepared instanceof Promise ? await prepared : prepared;
      const signal = call.signal === undefined ? left : AbortSignal.any([left, call.signal]);
      const fitted = await this.jobs.run(job, points, { ...call, signal, flag }, tell);
      return { ...fitted, mixture: new GaussianMixture(fitted.mixture) };
    }, flag);
  }

  async #start(points: EnginePoints, options: StartOptions, attempts: number | null): Promise<GaussianMixture> {
    const { components, seed, covarianceType, regularization = 0, ...call } = options;
    const asked = onlyDefined({ components, seed, covarianceType, regularization });
    const job = { kind: "start", attempts, ...resolveFitOptions(asked as FitOptions) } as const;
    return new GaussianMixture(await this.jobs.run(job, points, call));
  }
}

/** Starts an engine, with its threads. Rejects with UNKNOWN_OPTION, INVALID_OPTION, THREAD_NOT_STARTED or WORKER_LOST. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return new Engine(resolveEngineOptions(options)).ready();
}

/** The options of a fit by what they are for: for the call, for EM, for the job. */
interface FitParts {
  readonly call: CallOptions;
  readonly fit: FitOptions;
  readonly job: Pick<KeptFit, "timeBudget" | "checkpoint">;
}

/** @throws INVALID_OPTION, UNKNOWN_OPTION */
function partsOf(options: EngineFitOptions): FitParts {
  const known = onlyKnown(options, KNOWN.fit);
  const { pointWeights, missing, storage, signal, priority, onStep, timeBudget, checkpoint, ...fit } = known;
  const call = onlyDefined({ pointWeights, missing, storage, signal, priority, onStep });
  requireControl(call);
  if (timeBudget !== undefined && !(timeBudget > 0)) {
    throw invalidOption("timeBudget", "a number of milliseconds above 0", timeBudget);
  }
  return { call, fit: fit as FitOptions, job: onlyDefined({ timeBudget, checkpoint: planOf(checkpoint) }) };
}
