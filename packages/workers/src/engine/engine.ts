import {
  type Criterion,
  expectedLogLikelihood,
  type FitOptions,
  type FitStep,
  GaussianMixture,
  invalidOption,
  logPosterior,
  type Mixture,
  ofStoredPoints,
  onlyKnown,
  openResponsibilities,
  type Quantity,
  requireBoolean,
  requireInteger,
  requireRegularization,
  requireSeed,
  resolveFitOptions,
  type Sample,
  withoutWeights,
} from "@emix/core";
import { CancelFlag } from "../cancel.ts";
import { readCheckpoint } from "../checkpoint/checkpoint.ts";
import { FitRun } from "../run.ts";
import { EngineHost } from "./host.ts";
import type { JobOf, JobResults } from "./job.ts";
import {
  type CallOptions,
  type CriterionOptions,
  defined,
  type EmOptions,
  type EngineFitOptions,
  type EnginePoints,
  type EngineSampleOptions,
  type FitResult,
  type InitializeOptions,
  KNOWN,
  type MixtureOptions,
  parametersOf,
  partsOf,
  type QOptions,
  type ResumeOptions,
  type StartOptions,
} from "./method-options.ts";
import { type EngineOptions, resolveEngineOptions } from "./options.ts";

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
export class Engine extends EngineHost {
  /** Fits a mixture. Await the run for the result, or iterate it for its steps. */
  fit(points: EnginePoints, options: EngineFitOptions): FitRun<FitStep, FitResult> {
    return this.#fitRun(points, async () => {
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
      const checkpoint = await readCheckpoint(path);
      const { options: fit, every } = checkpoint;
      const kept = { checkpoint: { path, every }, resumed: { path, checkpoint } };
      return { call, job: { kind: "fit", options: fit, ...job, ...kept } };
    });
  }

  /** out: n, index of the most probable component (the lower one of a tie) */
  async predict(points: EnginePoints, options: MixtureOptions): Promise<Int32Array> {
    return (await this.evaluate(points, options, ["labels"])).labels;
  }

  /** out: n × k responsibilities; each row adds up to 1 */
  async predictProba(points: EnginePoints, options: MixtureOptions): Promise<Float64Array> {
    return (await this.evaluate(points, options, ["responsibilities"])).responsibilities;
  }

  /** out: n, log p(x); after a variational fit, from the expectations of log π and log N */
  async logProb(points: EnginePoints, options: MixtureOptions): Promise<Float64Array> {
    return (await this.evaluate(points, options, ["logDensities"])).logDensities;
  }

  /** out: n × k, log N(x; μ_c, Σ_c) */
  async conditionalLogProb(points: EnginePoints, options: MixtureOptions): Promise<Float64Array> {
    return (await this.evaluate(points, options, ["logJoint"], withoutWeights)).logJoint;
  }

  /** out: n × k, logarithms of the responsibilities */
  async logComponentPosterior(points: EnginePoints, options: MixtureOptions): Promise<Float64Array> {
    return logPosterior(await this.evaluate(points, options, ["logJoint", "logDensities"]));
  }

  /** Weighted mean of log p(x). */
  score(points: EnginePoints, options: CriterionOptions): Promise<number> {
    return this.#criterion("score", points, options);
  }

  /** Akaike's information criterion; lower is better. */
  aic(points: EnginePoints, options: CriterionOptions): Promise<number> {
    return this.#criterion("aic", points, options);
  }

  /** Bayesian information criterion; lower is better. With weights, its n is their total. */
  bic(points: EnginePoints, options: CriterionOptions): Promise<number> {
    return this.#criterion("bic", points, options);
  }

  /** Integrated completed likelihood criterion, BIC + 2 · entropy; lower is better. */
  icl(points: EnginePoints, options: CriterionOptions): Promise<number> {
    return this.#criterion("icl", points, options);
  }

  /** Σ w Σ_c γ_c (log π_c + log N_c(x)) / Σ w: the expected complete log-likelihood for given responsibilities γ. */
  async expectedLogLikelihood(points: EnginePoints, options: QOptions): Promise<number> {
    const { assignmentProbs, mixture, signal, ...load } = onlyKnown(options, KNOWN.q);
    const { components } = parametersOf(mixture);
    const loaded = await this.jobs.load(points, load);
    const { tiles } = loaded;
    const { flat, components: columns } = openResponsibilities(assignmentProbs, tiles);
    if (columns !== components) throw invalidOption("assignmentProbs", `${components} numbers for each point`, columns);
    const { logJoint } = await this.evaluate(loaded, { mixture, ...defined({ signal }) }, ["logJoint"]);
    return expectedLogLikelihood(ofStoredPoints(tiles, logJoint, components), flat, components, tiles.pointWeights);
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

  #fitRun(points: EnginePoints, prepare: () => Promise<FitCall>): FitRun<FitStep, FitResult> {
    const flag = new CancelFlag();
    return new FitRun(async (tell, left) => {
      const { call, job } = await prepare();
      const signal = call.signal === undefined ? left : AbortSignal.any([left, call.signal]);
      const fitted = await this.jobs.run(job, points, { ...call, signal, flag }, tell);
      return { ...fitted, mixture: new GaussianMixture(fitted.mixture) };
    }, flag);
  }

  async #start(points: EnginePoints, options: StartOptions, attempts: number | null): Promise<GaussianMixture> {
    const { components, seed, covarianceType, regularization = 0, ...call } = options;
    const asked = defined({ components, seed, covarianceType, regularization });
    const job = { kind: "start", attempts, ...resolveFitOptions(asked as FitOptions) } as const;
    return new GaussianMixture(await this.jobs.run(job, points, call));
  }

  /**
   * @internal Several quantities of every point by one pass.
   * @param change turns the given mixture into the one to evaluate
   */
  async evaluate(
    points: EnginePoints,
    options: MixtureOptions,
    quantities: readonly Quantity[],
    change: (mixture: Mixture) => Mixture = (mixture) => mixture,
  ): Promise<JobResults["evaluate"]> {
    const { mixture, ...call } = onlyKnown(options, KNOWN.mixture);
    return this.jobs.run({ kind: "evaluate", mixture: change(parametersOf(mixture)), quantities }, points, call);
  }

  async #criterion(criterion: Criterion, points: EnginePoints, options: CriterionOptions): Promise<number> {
    const { mixture, ...call } = onlyKnown(options, KNOWN.criterion);
    return this.jobs.run({ kind: "criterion", mixture: parametersOf(mixture), criterion }, points, call);
  }
}

/** Starts an engine, with its threads. Rejects with UNKNOWN_OPTION, INVALID_OPTION, THREAD_NOT_STARTED or WORKER_LOST. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return new Engine(resolveEngineOptions(options)).ready();
}
