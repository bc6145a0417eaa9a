import { diagonalsOf } from "./covariance/covariances.ts";
import { expandCovariances, expandFactors } from "./covariance/public-shapes.ts";
import { COVARIANCE_TYPES, type CovarianceType } from "./covariance/types.ts";
import { invalidOption } from "./errors.ts";
import { fromResponsibilities, openResponsibilities } from "./fit/initialization/from-responsibilities.ts";
import { absoluteRidge, onlyKnown, requireInteger, requireOneOf, requireSeed } from "./fit/options/checks.ts";
import { ridgesOf } from "./fit/regularization.ts";
import type {
  AssignmentOptions,
  OutlierOptions,
  PointWeightsOption,
  Sample,
  SampleOptions,
} from "./gaussian-mixture-options.ts";
import { withoutWeights } from "./mixture/conditional.ts";
import { type MixtureJson, mixtureFromJson, mixtureToJson } from "./mixture/json.ts";
import type { Mixture } from "./mixture/mixture.ts";
import { type ComponentOrder, componentOrder, inOrder, matchingOrder } from "./mixture/order.ts";
import { outliersAmong } from "./mixture/outlier.ts";
import { type MixtureParameters, mixtureFromParameters } from "./mixture/parameters.ts";
import type { Posterior } from "./mixture/posterior.ts";
import { drawFrom } from "./mixture/sampling.ts";
import { parameterCount } from "./mixture/selection.ts";
import { inUnitsOfPoints } from "./mixture/units.ts";
import { type Criterion, criterionOf, logPosterior, quantitiesFor } from "./passes/criteria.ts";
import { type Evaluated, evaluateNow, type Quantity } from "./passes/evaluation.ts";
import type { PointsLike } from "./points/array-sources.ts";
import { tilePoints } from "./points/tiling.ts";
import { randomStream } from "./random.ts";
import { resolutionOf } from "./step/resolution/resolution.ts";
import { plainRules } from "./step/rules.ts";

/**
 * A Gaussian mixture, an immutable value. Arrays are flat and row-major, and densities are natural logarithms. The
 * methods compute at once, in the calling thread; an engine has the same methods for many points.
 * Methods throw INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, FEATURES_MISMATCH; for weights, INVALID_WEIGHT and others.
 */
export class GaussianMixture {
  /** The parameters in the form that the mathematics uses: plain data that can cross threads. */
  readonly parameters: Mixture;

  constructor(parameters: Mixture) {
    this.parameters = parameters;
  }

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
    const known = ["assignmentProbs", "pointWeights", "covarianceType", "regularization"];
    const { assignmentProbs, pointWeights, covarianceType = "full", regularization = 0 } = onlyKnown(options, known);
    const tiles = tilePoints(points, pointWeights);
    const { flat, components } = openResponsibilities(assignmentProbs, tiles);
    requireOneOf("covarianceType", covarianceType, COVARIANCE_TYPES);
    const { features, exponents, dtype } = tiles;
    const rules = {
      ...plainRules(features),
      resolution: resolutionOf(dtype, features),
      regularization: ridgesOf(absoluteRidge(regularization), features, exponents),
    };
    const mixture = fromResponsibilities(tiles, { flat, components }, covarianceType, rules);
    return new GaussianMixture(inUnitsOfPoints(mixture, exponents));
  }

  /**
   * The inverse of `toJSON`, bit for bit. It also reads a model written by `emix fit --output`.
   * @param json what JSON.parse returned
   * @throws BAD_MODEL_FILE
   */
  static fromJSON(json: unknown): GaussianMixture {
    return new GaussianMixture(mixtureFromJson(json));
  }

  /** k */
  get components(): number {
    return this.parameters.components;
  }

  /** d */
  get features(): number {
    return this.parameters.features;
  }

  /** The shape of the covariances. */
  get covarianceType(): CovarianceType {
    return this.parameters.covarianceType;
  }

  /** k, sum 1 */
  get weights(): Float64Array {
    return this.parameters.weights.slice();
  }

  /** k, natural logarithms */
  get logWeights(): Float64Array {
    return this.parameters.weights.map(Math.log);
  }

  /** k × d */
  get means(): Float64Array {
    return this.parameters.means.slice();
  }

  /** k × d: the rounding errors of `means`; a mean is `means` + `meansResidual` */
  get meansResidual(): Float64Array {
    return this.parameters.meansResidual.slice();
  }

  /** full k × d × d, tied d × d, diag k × d, spherical k, tied-diag d, tied-spherical 1 */
  get covariances(): Float64Array {
    return expandCovariances(this.parameters, this.parameters);
  }

  /** k × d: the variance of each feature in each component, whatever the covariance type */
  get variances(): Float64Array {
    return diagonalsOf(this.parameters.packedCovariances, this.parameters);
  }

  /** Upper triangular U with U Uᵀ = Σ⁻¹ (diagonal and spherical types: 1/σ), shaped like the covariances. */
  get precisionsCholesky(): Float64Array {
    return expandFactors(this.parameters, this.parameters);
  }

  /** The distribution over parameters that a variational fit found, centred on this mixture; otherwise undefined. */
  get posterior(): Posterior | undefined {
    const { posterior } = this.parameters;
    return (
      posterior && {
        weightConcentrationType: posterior.weightConcentrationType,
        weightConcentration: posterior.weightConcentration.slice(),
        meanPrecision: posterior.meanPrecision.slice(),
        degreesOfFreedom: posterior.degreesOfFreedom.slice(),
      }
    );
  }

  /** Number of free parameters. */
  get parameterCount(): number {
    return parameterCount(this.parameters);
  }

  /** out: n, log p(x); after a variational fit, from the expectations of log π and log N */
  logProb(points: PointsLike): Float64Array {
    return this.#evaluate(points, "logDensities").logDensities;
  }

  /** out: n × k, log N(x; μ_c, Σ_c) */
  conditionalLogProb(points: PointsLike): Float64Array {
    return evaluateNow(tilePoints(points), withoutWeights(this.parameters), ["logJoint"]).logJoint;
  }

  /** out: n × k, logarithms of the responsibilities */
  logComponentPosterior(points: PointsLike): Float64Array {
    return logPosterior(this.#evaluate(points, "logJoint", "logDensities"));
  }

  /** out: n × k responsibilities; each row adds up to 1 */
  predictProba(points: PointsLike): Float64Array {
    return this.#evaluate(points, "responsibilities").responsibilities;
  }

  /** out: n, index of the most probable component (the lower one of a tie) */
  predict(points: PointsLike): Int32Array {
    return this.#evaluate(points, "labels").labels;
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
    if (!(to instanceof GaussianMixture)) throw invalidOption("to", "a GaussianMixture", to);
    return new GaussianMixture(inOrder(this.parameters, matchingOrder(this.parameters, to.parameters)));
  }

  /** Plain data for `JSON.stringify`, with every bit; `fromJSON` reads it. */
  toJSON(): MixtureJson {
    return mixtureToJson(this.parameters);
  }

  #evaluate<Q extends Quantity>(points: PointsLike, ...quantities: Q[]): Evaluated<Q> {
    return evaluateNow(tilePoints(points), this.parameters, quantities);
  }

  #criterion(criterion: Criterion, points: PointsLike, options: PointWeightsOption): number {
    const { pointWeights } = onlyKnown(options, ["pointWeights"]);
    const tiles = tilePoints(points, pointWeights);
    const evaluated = evaluateNow(tiles, this.parameters, quantitiesFor(criterion));
    return criterionOf(criterion, this.parameters, tiles, evaluated);
  }
}
