import {
  type Criterion,
  expectedLogLikelihood,
  invalidOption,
  logPosterior,
  type Merging,
  type Mixture,
  type Outputs,
  ofStoredPoints,
  onlyKnown,
  openResponsibilities,
  outputsOf,
  type Quantity,
  quantitiesAsked,
  requireClusters,
  requireInteger,
  TOP_QUANTITIES,
  type TopComponents,
  type TopOption,
  topOf,
  weightedMean,
  weightsOfRows,
  withoutWeights,
} from "@emix/core";
import { LoadedPoints } from "../loaded-points.ts";
import { evaluateMarginals } from "../questions/marginals.ts";
import { afterUpdate, MixtureStatistics, maximize, requireStatistics } from "../questions/mixture-statistics.ts";
import type { EngineClusterOptions, QOptions, ScoreOptions } from "../questions/question-options.ts";
import { EngineHost } from "./host.ts";
import type { JobResults } from "./job.ts";
import { onlyDefined, parametersOf } from "./methods/checks.ts";
import { KNOWN } from "./methods/names.ts";
import type {
  CriterionOptions,
  EnginePoints,
  EvaluateOptions,
  LoadOptions,
  MixtureOptions,
  UpdateOptions,
} from "./methods/options.ts";

/** What an engine can be asked about points under a mixture. */
export class PointQueries extends EngineHost {
  /** out: n, index of the most probable component (the lower one of a tie) */
  async predict(points: EnginePoints, options: MixtureOptions): Promise<Int32Array> {
    return (await this.#evaluate(points, options, ["labels"])).labels;
  }

  /** out: n × k responsibilities, each row adding up to 1; with `top`, the most probable components of each point */
  predictProba(points: EnginePoints, options: MixtureOptions & { readonly top: number }): Promise<TopComponents>;
  predictProba(points: EnginePoints, options: MixtureOptions): Promise<Float64Array>;
  async predictProba(points: EnginePoints, options: MixtureOptions & TopOption): Promise<Float64Array | TopComponents> {
    const { top, ...call } = onlyKnown(options, KNOWN.proba);
    if (top === undefined) return (await this.#evaluate(points, call, ["responsibilities"])).responsibilities;
    return topOf(await this.#evaluate(points, call, TOP_QUANTITIES, { top }));
  }

  /** out: n, log p(x); after a variational fit, from the expectations of log π and log N */
  async logProb(points: EnginePoints, options: MixtureOptions): Promise<Float64Array> {
    return (await this.#evaluate(points, options, ["logDensities"])).logDensities;
  }

  /** out: n × k, log N(x; μ_c, Σ_c) */
  async conditionalLogProb(points: EnginePoints, options: MixtureOptions): Promise<Float64Array> {
    return (await this.#evaluate(points, options, ["logJoint"], { change: withoutWeights })).logJoint;
  }

  /** out: n × k, logarithms of the responsibilities */
  async logComponentPosterior(points: EnginePoints, options: MixtureOptions): Promise<Float64Array> {
    return logPosterior(await this.#evaluate(points, options, ["logJoint", "logDensities"]));
  }

  /** Several of labels, probabilities, log densities and entropies, by one pass over the points. */
  async evaluate<const Asked extends EvaluateOptions>(points: EnginePoints, options: Asked): Promise<Outputs<Asked>> {
    const known = onlyKnown<EvaluateOptions>(options, KNOWN.evaluate);
    const { labels, probabilities, logDensities, entropies, top, ...call } = known;
    const asked = quantitiesAsked({ labels, probabilities, logDensities, entropies, top });
    return outputsOf(options, await this.#evaluate(points, call, asked, top === undefined ? {} : { top }));
  }

  /**
   * The statistics of the points under a mixture: what `maximize` makes the next mixture from. Those of several sets of points,
   * wherever they were taken, are added by `mergeStatistics`. Weights count.
   */
  async statistics(points: EnginePoints, options: CriterionOptions): Promise<MixtureStatistics> {
    const { mixture, ...call } = onlyKnown(options, KNOWN.criterion);
    const found = await this.jobs.run({ kind: "statistics", mixture: parametersOf(mixture) }, points, call);
    return new MixtureStatistics(mixture, found);
  }

  /**
   * A step of stepwise EM (Cappé & Moulines 2009): the statistics of more points under the mixture that those so far make
   * likeliest, mixed with them. `maximize` of the result is the new mixture. Sums are measured from where they were first,
   * and lose a digit for every factor of 3 by which a mean moves away farther than its standard deviation.
   */
  async update(points: EnginePoints, options: UpdateOptions): Promise<MixtureStatistics> {
    const { statistics, rate, regularization, ...call } = onlyKnown(options, KNOWN.update);
    const known = requireStatistics(statistics);
    if (!(typeof rate === "number" && rate > 0 && rate <= 1)) {
      throw invalidOption("rate", "a number above 0 and at most 1", rate);
    }
    const mixture = maximize(known, onlyDefined({ regularization }));
    const { pivots, frames } = known.statistics;
    const job = { kind: "statistics", mixture: mixture.parameters, measure: { pivots, frames } } as const;
    return afterUpdate(known, new MixtureStatistics(mixture, await this.jobs.run(job, points, call)), rate);
  }

  /** Components merged into clusters by the entropy of the points (Baudry et al. 2010); a pass over them for each merge. */
  async mergeByEntropy(points: EnginePoints, options: CriterionOptions): Promise<Merging> {
    const { mixture, ...call } = onlyKnown(options, KNOWN.criterion);
    return this.jobs.run({ kind: "merge", mixture: parametersOf(mixture) }, points, call);
  }

  /** out: n, the cluster with the greatest probability. in: clusterOf, of each component, as a `Clustering` has it */
  async predictClusters(points: EnginePoints, options: EngineClusterOptions): Promise<Int32Array> {
    const { mixture, clusterOf, ...call } = onlyKnown(options, KNOWN.clusters);
    const parameters = parametersOf(mixture);
    const clusters = requireClusters(clusterOf, parameters.components);
    return this.jobs.run({ kind: "clusters", mixture: parameters, clusterOf: clusters }, points, call);
  }

  /** Weighted mean of log p(x). */
  async score(points: EnginePoints, options: ScoreOptions): Promise<number> {
    const { pointWeights, missing, ...call } = onlyKnown(options, KNOWN.criterion);
    if (missing !== "marginal") {
      return this.#criterion("score", points, { ...call, ...onlyDefined({ pointWeights, missing }) });
    }
    const { logDensities } = await this.#evaluate(points, { ...call, missing }, ["logDensities"]);
    const rows = logDensities.length;
    return weightedMean(logDensities, pointWeights === undefined ? null : weightsOfRows(pointWeights, rows));
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
    const loaded = await this.jobs.intake.load(points, load);
    const { tiles } = loaded;
    const { flat, components: columns } = openResponsibilities(assignmentProbs, tiles);
    if (columns !== components) throw invalidOption("assignmentProbs", `${components} numbers for each point`, columns);
    const { logJoint } = await this.#evaluate(loaded, { mixture, ...onlyDefined({ signal }) }, ["logJoint"]);
    return expectedLogLikelihood(ofStoredPoints(tiles, logJoint, components), flat, components, tiles.pointWeights);
  }

  /**
   * Several quantities of every point by one pass.
   * @param asked change, turns the given mixture into the one to evaluate; top, how many components `topComponents` has
   */
  async #evaluate(
    points: EnginePoints,
    options: MixtureOptions,
    quantities: readonly Quantity[],
    { change = (given) => given, top }: { change?: (mixture: Mixture) => Mixture; top?: number } = {},
  ): Promise<JobResults["evaluate"]> {
    const { mixture: given, missing, ...call } = onlyKnown(options, KNOWN.mixture);
    if (top !== undefined) requireInteger("top", top, 1);
    const mixture = change(parametersOf(given));
    const evaluate = (some: EnginePoints, part: Mixture, how: LoadOptions) => {
      const job = { kind: "evaluate", mixture: part, quantities, top: top ?? 0 } as const;
      return this.jobs.run(job, some, { ...call, ...how });
    };
    if (missing === "marginal" && !(points instanceof LoadedPoints)) {
      return evaluateMarginals(points, mixture, quantities, (some, part) => evaluate(some, part, {}));
    }
    return evaluate(points, mixture, onlyDefined({ missing }) as LoadOptions);
  }

  async #criterion(criterion: Criterion, points: EnginePoints, options: CriterionOptions): Promise<number> {
    const { mixture, ...call } = onlyKnown(options, KNOWN.criterion);
    return this.jobs.run({ kind: "criterion", mixture: parametersOf(mixture), criterion }, points, call);
  }
}
