import { invalidOption } from "./errors.ts";
import {
  type AssignmentOptions,
  mixtureFromAssignments,
  type PointWeightsOption,
} from "./fit/initialization/from-assignments.ts";
import { onlyKnown, requireInteger, requireSeed } from "./fit/options/checks.ts";
import type {
  ClusterOptions,
  ConditionalOptions,
  OutlierOptions,
  RegressionOptions,
  Sample,
  SampleOptions,
} from "./gaussian-mixture-options.ts";
import { withoutWeights } from "./mixture/conditional.ts";
import { type MixtureJson, mixtureFromJson, mixtureToJson } from "./mixture/json.ts";
import type { Mixture } from "./mixture/mixture.ts";
import { MixtureValues } from "./mixture/mixture-values.ts";
import { type ComponentOrder, componentOrder, inOrder, matchingOrder } from "./mixture/order.ts";
import { outliersAmong } from "./mixture/outlier.ts";
import { type MixtureParameters, mixtureFromParameters } from "./mixture/parameters.ts";
import { drawFrom } from "./mixture/sampling.ts";
import { type Criterion, criterionOf, logPosterior } from "./passes/answers/criteria.ts";
import { evaluateNow, rowsToEvaluate } from "./passes/answers/evaluate-now.ts";
import {
  OUTPUT_NAMES,
  type OutputOptions,
  type Outputs,
  outputsOf,
  quantitiesAsked,
  TOP_QUANTITIES,
  type TopComponents,
  type TopOption,
  topOf,
} from "./passes/answers/outputs.ts";
import type { EvaluatedArrays, Quantity } from "./passes/evaluation.ts";
import type { PointsLike } from "./points/array-sources.ts";
import { labelsFrom, requireClusters } from "./queries/cluster-labels.ts";
import { Conditioner } from "./queries/conditional.ts";
import { type Coupling, cheapestPlan } from "./queries/coupling.ts";
import { marginal } from "./queries/marginal.ts";
import type { Merging } from "./queries/merging.ts";
import { mergeByOverlap } from "./queries/overlap-merging.ts";
import { type Regression, regression } from "./queries/regression.ts";
import { buresDistances, componentDivergences } from "./queries/transport.ts";
import { randomStream } from "./random.ts";

/**
 * A Gaussian mixture, an immutable value. Arrays are flat and row-major, and densities are natural logarithms. The
 * methods compute at once, in the calling thread; an engine has the same methods for many points.
 * Methods throw INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, FEATURES_MISMATCH; for weights, INVALID_WEIGHT and others.
 */
export class GaussianMixture extends MixtureValues {
  /**
   * @param parameters weights (k), means (k × d) and covariances, nested or flat; covarianceType defaults to "full"
   * @throws INVALID_MIXTURE, COLLAPSED_COMPONENT
   */
  static fromParameters(parameters: MixtureParameters): GaussianMixture {
    return new GaussianMixture(mixtureFromParameters(parameters));
  }

  /**
   * Makes one M-step from n × k responsibilities (flat row-major or rows), which need not add up to 1.
   * @throws INVALID_POINTS, NON_FINITE_POINT, INVALID_WEIGHT, UNKNOWN_OPTION, INVALID_OPTION, COLLAPSED_COMPONENT
   */
  static fromPointsAndAssignmentProbs(points: PointsLike, options: AssignmentOptions): GaussianMixture {
    return new GaussianMixture(mixtureFromAssignments(points, options));
  }

  /**
   * The inverse of `toJSON`, bit for bit. It also reads a model written by `emix fit --output`.
   * @param json what JSON.parse returned
   * @throws BAD_MODEL_FILE
   */
  static fromJSON(json: unknown): GaussianMixture {
    return new GaussianMixture(mixtureFromJson(json));
  }

  /** out: n, log p(x); after a variational fit, from the expectations of log π and log N */
  logProb(points: PointsLike): Float64Array {
    return this.#evaluate(points, ["logDensities"]).logDensities;
  }

  /** out: n × k, log N(x; μ_c, Σ_c) */
  conditionalLogProb(points: PointsLike): Float64Array {
    return evaluateNow(rowsToEvaluate(points), withoutWeights(this.parameters), ["logJoint"]).logJoint;
  }

  /** out: n × k, logarithms of the responsibilities */
  logComponentPosterior(points: PointsLike): Float64Array {
    return logPosterior(this.#evaluate(points, ["logJoint", "logDensities"]));
  }

  /**
   * out: n × k responsibilities, each row adding up to 1; with `top`, the most probable components of each point
   * @throws INVALID_OPTION, UNKNOWN_OPTION
   */
  predictProba(points: PointsLike, options: { readonly top: number }): TopComponents;
  predictProba(points: PointsLike): Float64Array;
  predictProba(points: PointsLike, options: TopOption = {}): Float64Array | TopComponents {
    const { top } = onlyKnown(options, ["top"]);
    if (top === undefined) return this.#evaluate(points, ["responsibilities"]).responsibilities;
    return topOf(this.#evaluate(points, TOP_QUANTITIES, top));
  }

  /** out: n, index of the most probable component (the lower one of a tie) */
  predict(points: PointsLike): Int32Array {
    return this.#evaluate(points, ["labels"]).labels;
  }

  /**
   * Several of labels, probabilities, log densities and entropies, by one pass over the points.
   * @throws UNKNOWN_OPTION, INVALID_OPTION, and as points do
   */
  evaluate<const Asked extends OutputOptions>(points: PointsLike, outputs: Asked): Outputs<Asked> {
    const asked = onlyKnown(outputs, OUTPUT_NAMES);
    return outputsOf(asked, this.#evaluate(points, quantitiesAsked(asked), asked.top));
  }

  /** Weighted mean of log p(x). */
  score(points: PointsLike, options: PointWeightsOption = {}): number {
    return this.#criterion("score", points, options);
  }

  /** Akaike's information criterion; lower is better. */
  aic(points: PointsLike, options: PointWeightsOption = {}): number {
    return this.#criterion("aic", points, options);
  }

  /** Bayesian information criterion; lower is better. With weights, its n is their total. */
  bic(points: PointsLike, options: PointWeightsOption = {}): number {
    return this.#criterion("bic", points, options);
  }

  /** Integrated completed likelihood criterion, BIC + 2 · entropy; lower is better. */
  icl(points: PointsLike, options: PointWeightsOption = {}): number {
    return this.#criterion("icl", points, options);
  }

  /** Draws `count` points. @throws INVALID_OPTION, UNKNOWN_OPTION */
  sample(count: number, options: SampleOptions = {}): Sample {
    const { seed = 0 } = onlyKnown(options, ["seed"]);
    requireInteger("count", count, 1);
    requireSeed(seed);
    return drawFrom(this.parameters, count, randomStream(seed, "sample"));
  }

  /**
   * The share `fraction` of the points that is least likely, or those below a threshold, such as one that
   * `outlierThreshold` finds for a model. out: n, 1 for an outlier, else 0
   */
  outlier(points: PointsLike, fraction: number, options: OutlierOptions = {}): Uint8Array {
    const { threshold } = onlyKnown(options, ["threshold"]);
    return outliersAmong(this.logProb(points), fraction, threshold);
  }

  /**
   * The same mixture, its components renumbered: "weight", the heaviest first, or by their means in a feature, the least
   * first. Throws INVALID_MIXTURE after variational inference with a stick-breaking process, whose order is its own.
   */
  ordered(by: ComponentOrder): GaussianMixture {
    return new GaussianMixture(inOrder(this.parameters, componentOrder(this.parameters, by)));
  }

  /**
   * The same mixture, its components renumbered as those of another that they are most like. Components that this one
   * has more follow, the heaviest first. Throws as `ordered`, and FEATURES_MISMATCH, INVALID_OPTION.
   */
  matched(to: GaussianMixture): GaussianMixture {
    return new GaussianMixture(inOrder(this.parameters, matchingOrder(this.parameters, parametersOf(to))));
  }

  /** The mixture of some features, in the order in which they are listed. @throws INVALID_OPTION */
  marginal(features: readonly number[]): GaussianMixture {
    return new GaussianMixture(marginal(this.parameters, features));
  }

  /** The mixture of the other features where some are known, as { 0: 3.5 }. @throws INVALID_OPTION, NON_FINITE_POINT */
  conditional({ given }: ConditionalOptions): GaussianMixture {
    const features = Object.keys(given).map(Number);
    const [mixture] = new Conditioner(this.parameters, features).of(Float64Array.from(Object.values(given)));
    return new GaussianMixture(mixture);
  }

  /** What to expect of the other features, for points of some. @throws INVALID_OPTION, and as points do */
  regress(points: PointsLike, { given }: RegressionOptions): Regression {
    return regression(new Conditioner(this.parameters, given), points);
  }

  /** Squared Bures–Wasserstein distances between components. out: k × m, row-major. @throws FEATURES_MISMATCH */
  componentDistances(other: GaussianMixture): Float64Array {
    return buresDistances(this.parameters, parametersOf(other));
  }

  /** Kullback–Leibler divergences from components to those of another. out: k × m. @throws FEATURES_MISMATCH */
  componentDivergences(other: GaussianMixture): Float64Array {
    return componentDivergences(this.parameters, parametersOf(other));
  }

  /** How mass moves to another mixture at the least cost, in squared distances. @throws FEATURES_MISMATCH */
  coupling(other: GaussianMixture): Coupling {
    return cheapestPlan(this.componentDistances(other), this.weights, other.weights);
  }

  /** Components merged into clusters by how much they overlap (Hennig 2010), from each by itself to all together. */
  mergeByOverlap(): Merging {
    return mergeByOverlap(this.parameters);
  }

  /** out: n, the cluster with the greatest probability. in: clusterOf, of each component. @throws INVALID_OPTION, and as points do */
  predictClusters(points: PointsLike, { clusterOf }: ClusterOptions): Int32Array {
    const clusters = requireClusters(clusterOf, this.components);
    return labelsFrom(this.#evaluate(points, ["responsibilities"]).responsibilities, clusters);
  }

  /** Plain data for `JSON.stringify`, with every bit; `fromJSON` reads it. */
  toJSON(): MixtureJson {
    return mixtureToJson(this.parameters);
  }

  #evaluate<Q extends Quantity>(points: PointsLike, quantities: readonly Q[], top?: number): EvaluatedArrays<Q> {
    if (top !== undefined) requireInteger("top", top, 1);
    return evaluateNow(rowsToEvaluate(points), this.parameters, quantities, top);
  }

  #criterion(criterion: Criterion, points: PointsLike, options: PointWeightsOption): number {
    const { pointWeights } = onlyKnown(options, ["pointWeights"]);
    const tiles = rowsToEvaluate(points, pointWeights);
    const evaluated = evaluateNow(tiles, this.parameters, ["logDensities", "entropies"]);
    return criterionOf(criterion, this.parameters, tiles, evaluated);
  }
}

function parametersOf(other: GaussianMixture): Mixture {
  if (other instanceof GaussianMixture) return other.parameters;
  throw invalidOption("other", "a GaussianMixture", other);
}
