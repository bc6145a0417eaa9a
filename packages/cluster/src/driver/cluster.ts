import {
  type Criterion,
  criterionOf,
  type DescribedPoints,
  describe,
  type FitOptions,
  type FitStep,
  fit,
  GaussianMixture,
  inStoredUnits,
  invalidOption,
  type KernelSettings,
  onlyKnown,
  type ResolvedFitOptions,
  resolveFitOptions,
} from "@emix/core";
import {
  type FitResult,
  fingerprintWith,
  type KeptFit,
  keeperOf,
  orBadCheckpoint,
  parametersOf,
  planOf,
  Run,
  readKeptFit,
  requireStored,
  type SignalOption,
  surroundingsOf,
  type Team,
  tellSteps,
} from "@emix/workers";
import { type PredictedFile, READ_OPTIONS } from "../protocol.ts";
import type { Broker } from "../redis/broker.ts";
import { ClusterExecutor } from "./cluster-executor.ts";
import { ClusterPoints } from "./cluster-points.ts";
import { type ClusterParts, connect } from "./connect.ts";
import { Dispatcher } from "./dispatcher.ts";
import { planPoints } from "./loading.ts";
import { numbersOf } from "./numbers-of.ts";
import type {
  ClusterCriterionOptions,
  ClusterFitOptions,
  ClusterLoadOptions,
  ClusterPredictOptions,
  ClusterResumeOptions,
  CreateClusterOptions,
} from "./options.ts";
import { filesOf, predictRequestOf, requireFeatures } from "./predicting.ts";
import { tellShares } from "./shares.ts";
import { type ClusterStatus, statusOf } from "./status.ts";
import { type Stop, stoppable } from "./stoppable.ts";

/** Who hears of a fit, and what ends it. */
type FitWatcher = { readonly [Name in keyof ClusterResumeOptions]: ClusterResumeOptions[Name] | undefined };

/**
 * Fits mixtures to files that are read by workers on other machines (`emix worker`), with the same bits as an engine.
 * Every method rejects with an EmixError: those of an engine, and CLUSTER_EMPTY, CLUSTER_MISMATCH, FILE_CHANGED,
 * FILE_REFUSED.
 */
export class Cluster {
  readonly #broker: Broker;
  readonly #team: Team;
  readonly #patience: number;
  readonly #settings: KernelSettings;

  /** @internal Use `createCluster`. */
  constructor({ broker, team, patience, settings }: ClusterParts) {
    this.#broker = broker;
    this.#team = team;
    this.#patience = patience;
    this.#settings = settings;
  }

  /** @internal Rejects with UNKNOWN_OPTION, INVALID_OPTION or CLUSTER_REDIS. */
  static connect(options: CreateClusterOptions): Promise<ClusterParts> {
    return connect(options);
  }

  /**
   * Has workers look at files, which then can serve many fits. The points are loaded by those who need them.
   * @param path a file below the root of the workers; a pattern, or an array of paths, for files with the same columns
   */
  async load(path: string | readonly string[], options: ClusterLoadOptions = {}): Promise<ClusterPoints> {
    const { signal, ...read } = onlyKnown(options, [...READ_OPTIONS, "like", "signal"]);
    const paths = typeof path === "string" ? [path] : path;
    return stoppable(signal, ({ signal }) =>
      planPoints(paths, read, { broker: this.#broker, patience: this.#patience, signal }),
    );
  }

  /** Fits a mixture. Await the run for the result, or iterate it for its steps. */
  fit(points: ClusterPoints, options: ClusterFitOptions): Run<FitStep, FitResult> {
    const { signal, onStep, onWorkers, checkpoint, ...rest } = options ?? {};
    return this.#run(points, { signal, onStep, onWorkers }, async () => {
      const plan = planOf(checkpoint);
      return { options: resolveFitOptions(rest as FitOptions), ...(plan && { checkpoint: plan }) };
    });
  }

  /**
   * Goes on with a fit of these files from its checkpoint. The result has the same bits as if it had never been broken off.
   * Rejects as `fit`, and with BAD_CHECKPOINT, CHECKPOINT_MISMATCH.
   */
  resume(path: string, points: ClusterPoints, options: ClusterResumeOptions = {}): Run<FitStep, FitResult> {
    return this.#run(points, options, async () => {
      onlyKnown(options, ["signal", "onStep", "onWorkers"]);
      return readKeptFit(path);
    });
  }

  /** Weighted mean of log p(x). */
  score(points: ClusterPoints, options: ClusterCriterionOptions): Promise<number> {
    return this.#criterion("score", points, options);
  }

  /** Akaike's information criterion; lower is better. */
  aic(points: ClusterPoints, options: ClusterCriterionOptions): Promise<number> {
    return this.#criterion("aic", points, options);
  }

  /** Bayesian information criterion; lower is better. With weights, its n is their total. */
  bic(points: ClusterPoints, options: ClusterCriterionOptions): Promise<number> {
    return this.#criterion("bic", points, options);
  }

  /** Integrated completed likelihood criterion; lower is better. */
  icl(points: ClusterPoints, options: ClusterCriterionOptions): Promise<number> {
    return this.#criterion("icl", points, options);
  }

  /** @internal Log density and entropy of the responsibilities of every point, n each, as the points are stored. */
  describe(
    points: ClusterPoints,
    options: ClusterCriterionOptions,
  ): Promise<{ logDensities: Float64Array; entropies: Float64Array }> {
    return this.#describe("icl", points, options) as Promise<{ logDensities: Float64Array; entropies: Float64Array }>;
  }

  /** @internal log |dz/dx| of every point, n, as the points are stored. */
  async volumes(points: ClusterPoints, { signal }: SignalOption): Promise<Float64Array> {
    const { plan, tiles } = points;
    return stoppable(signal, async (stop) => {
      const dispatcher = new Dispatcher(this.#broker, points.owners, this.#patience, stop);
      return (await numbersOf("volumes", { plan, tiles, dispatcher })).subarray(0, points.count);
    });
  }

  /**
   * Has workers find the component of every row, and write a file of them for each file of the points, as `emix predict`
   * does: row, label, probability, log_density. They need a folder for it (`emix worker --output`).
   * out: what was written, in the order of the files
   */
  async predict(points: ClusterPoints, options: ClusterPredictOptions): Promise<PredictedFile[]> {
    const { request, signal } = predictRequestOf(points, options);
    return stoppable(signal, async (stop) => {
      const dispatcher = new Dispatcher(this.#broker, points.owners, this.#patience, stop);
      return (await dispatcher.ask("predict", request, filesOf(points))) as PredictedFile[];
    });
  }

  /** The names of the workers that are there. */
  workers(): Promise<string[]> {
    return this.#broker.workers();
  }

  /** What its workers and its Redis are at. */
  status(): Promise<ClusterStatus> {
    return statusOf(this.#broker);
  }

  /** Closes it, and removes from Redis what workers that are gone have left. */
  async close(): Promise<void> {
    await this.#team.close();
    await this.#broker.sweep();
    await this.#broker.close();
  }

  /** Closes it at the end of the block of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #run(
    points: ClusterPoints,
    { signal, onStep, onWorkers }: FitWatcher,
    asked: () => Promise<KeptFit>,
  ): Run<FitStep, FitResult> {
    return new Run(async (tell, left) => {
      const kept = await asked();
      requireStored(kept.options, points.tiles);
      return stoppable(signal === undefined ? left : AbortSignal.any([signal, left]), (stop) =>
        this.#runFit(points, kept, { ...stop, onWorkers }, (steps) => {
          tell(steps);
          for (const step of steps) onStep?.(step);
        }),
      );
    });
  }

  async #runFit(
    points: ClusterPoints,
    kept: KeptFit,
    stop: Stop & Pick<FitWatcher, "onWorkers">,
    tell: (steps: readonly FitStep[]) => void,
  ): Promise<FitResult> {
    const executor = this.#over(points, kept.options.compute, stop);
    const keeper = await keeperOf(kept, async () => fingerprintWith(points.checksum, points.tiles, this.#settings));
    const surroundings = surroundingsOf(kept, keeper, stop.cancel);
    const steps = fit(executor, kept.options, { ...surroundings, runStart: this.#team.runAlone(stop) });
    const work = tellSteps(steps, tell, { flag: stop.cancel, ...(keeper && { keeper }) });
    const fitted = await orBadCheckpoint(kept, work);
    return { ...fitted, mixture: new GaussianMixture(fitted.mixture) };
  }

  async #criterion(criterion: Criterion, points: ClusterPoints, options: ClusterCriterionOptions): Promise<number> {
    const described = await this.#describe(criterion, points, options);
    return criterionOf(criterion, parametersOf(options.mixture), points.tiles, described);
  }

  async #describe(
    criterion: Criterion,
    points: ClusterPoints,
    options: ClusterCriterionOptions,
  ): Promise<DescribedPoints> {
    const { mixture: given, signal } = onlyKnown(options, ["mixture", "signal"]);
    const mixture = parametersOf(given);
    requireFeatures(mixture, points);
    return stoppable(signal, (stop) =>
      describe(this.#over(points, "f64", stop), inStoredUnits(mixture, null), criterion),
    );
  }

  #over(
    points: ClusterPoints,
    arithmetic: ResolvedFitOptions["compute"],
    { signal, cancel, onWorkers }: Stop & Partial<Pick<FitWatcher, "onWorkers">>,
  ): ClusterExecutor {
    if (!(points instanceof ClusterPoints))
      throw invalidOption("points", "those that `load` of a cluster gave", points);
    const { plan, tiles, owners } = points;
    const dispatcher = new Dispatcher(this.#broker, owners, this.#patience, {
      ...{ signal, ...(onWorkers && { heard: tellShares(points.count, onWorkers) }) },
    });
    const { strict } = this.#settings;
    return new ClusterExecutor({ plan, tiles, dispatcher, team: this.#team, arithmetic, cancel, strict });
  }
}
