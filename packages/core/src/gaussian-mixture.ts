import { expandCovariances, expandFactors } from "./covariance/public-shapes.ts";
import { COVARIANCE_TYPES, type CovarianceType } from "./covariance/types.ts";
import { invalidOption } from "./errors.ts";
import {
  fromResponsibilities,
  openResponsibilities,
  type Responsibilities,
} from "./fit/initialization/from-responsibilities.ts";
import { onlyKnown, requireInteger, requireOneOf, requireRegularization, requireSeed } from "./fit/options-checks.ts";
import { ridgesOf } from "./fit/regularization.ts";
import { weightedMean, weightTotal } from "./linear-algebra/weighted-mean.ts";
import { type MixtureJson, mixtureFromJson, mixtureToJson } from "./mixture/json.ts";
import type { Mixture } from "./mixture/mixture.ts";
import { type MixtureParameters, mixtureFromParameters } from "./mixture/parameters.ts";
import type { Posterior } from "./mixture/posterior.ts";
import { drawFrom } from "./mixture/sampling.ts";
import { aic, bic, icl, parameterCount } from "./mixture/selection.ts";
import { inUnitsOfPoints } from "./mixture/units.ts";
import { type Evaluated, evaluateNow, type Quantity } from "./passes/evaluation.ts";
import { expectedLogLikelihood } from "./passes/score.ts";
import type { PointsLike } from "./points/array-sources.ts";
import { tilePoints } from "./points/tiling.ts";
import { randomStream, type Seed } from "./random.ts";
import { resolutionOf } from "./step/resolution.ts";
import { plainRules } from "./step/rules.ts";

/** Points, perhaps with a weight for each. */
export interface WeightedPoints {
  readonly points: PointsLike;
  /** n, finite and ≥ 0; default all 1 */
  readonly pointWeights?: ArrayLike<number>;
}

/**
 * A Gaussian mixture: an immutable value. Arrays are flat and row-major; densities are natural logarithms. Its methods
 * run at once on the calling thread; an engine has the same ones for many points.
 */
export class GaussianMixture {
  /** The parameters as the mathematics holds them. */
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
   * One weighted M-step from n × k responsibilities (flat row-major or rows), which need not sum to 1.
   * @throws INVALID_POINTS, NON_FINITE_POINT, INVALID_WEIGHT, UNKNOWN_OPTION, INVALID_OPTION, COLLAPSED_COMPONENT
   */
  static fromPointsAndAssignmentProbs(given: PointsAndAssignmentProbs): GaussianMixture {
    const known = ["points", "pointWeights", "assignmentProbs", "covarianceType", "regularization"];
    const { covarianceType = "full", regularization = 0, ...of } = onlyKnown(given, known);
    const { points, pointWeights, assignmentProbs } = of;
    const tiles = tilePoints(points, pointWeights);
    const { flat, components } = openResponsibilities(assignmentProbs, tiles);
    requireOneOf("covarianceType", covarianceType, COVARIANCE_TYPES);
    const { features, exponents, dtype } = tiles;
    const rules = {
      ...plainRules(features),
      resolution: resolutionOf(dtype, features),
      regularization: ridgesOf(ridgeOf(regularization), features, exponents),
    };
    const mixture = fromResponsibilities(tiles, { flat, components }, covarianceType, rules);
    return new GaussianMixture(inUnitsOfPoints(mixture, exponents));
  }

  /** The inverse of `toJSON`, bit for bit. @throws BAD_MODEL_FILE */
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

  /** k × d: what the means in double precision leave out; the mean is the sum of both */
  get meansResidual(): Float64Array {
    return this.parameters.meansResidual.slice();
  }

  /** full k × d × d, tied d × d, diag k × d, spherical k */
  get covariances(): Float64Array {
    return expandCovariances(this.parameters, this.parameters);
  }

  /** Upper triangular U with U Uᵀ = Σ⁻¹ (diag, spherical: 1/σ); shaped as the covariances. */
  get precisionsCholesky(): Float64Array {
    return expandFactors(this.parameters, this.parameters);
  }

  /** What a variational fit left of the parameters, centred on those of the mixture; undefined of any other mixture. */
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

  /** Free parameters. */
  get parameterCount(): number {
    return parameterCount(this.parameters);
  }

  /** out: n, log p(x); with a posterior, by expectations of log π and log N */
  logProb(points: PointsLike): Float64Array {
    return this.#evaluate(points, "logDensities").logDensities;
  }

  /** out: n × k, log N(x; μ_c, Σ_c) */
  conditionalLogProb(points: PointsLike): Float64Array {
    const { posterior: _, ...parameters } = this.parameters;
    const uniform = new Float64Array(this.components).fill(1);
    const { logJoint } = evaluateNow(tilePoints(points), { ...parameters, weights: uniform }, ["logJoint"]);
    return logJoint;
  }

  /** out: n × k, log of the responsibilities */
  logComponentPosterior(points: PointsLike): Float64Array {
    const { logJoint, logDensities } = this.#evaluate(points, "logJoint", "logDensities");
    return logJoint.map((value, i) => value - logDensities[Math.floor(i / this.components)]);
  }

  /** out: n × k responsibilities, rows sum to 1 */
  predictProba(points: PointsLike): Float64Array {
    return this.#evaluate(points, "responsibilities").responsibilities;
  }

  /** out: n, index of the most probable component */
  predict(points: PointsLike): Int32Array {
    return this.#evaluate(points, "labels").labels;
  }

  /** Weighted mean of log p(x). */
  score(points: PointsLike, pointWeights?: ArrayLike<number>): number {
    const tiles = tilePoints(points, pointWeights);
    return weightedMean(evaluateNow(tiles, this.parameters, ["logDensities"]).logDensities, tiles.pointWeights);
  }

  /** Akaike's information criterion; lower is better. */
  aic(points: PointsLike, pointWeights?: ArrayLike<number>): number {
    return aic(this.parameters, this.#fitOf(points, pointWeights).logLikelihood);
  }

  /** Bayesian information criterion; lower is better. Weighted: n is the total weight. */
  bic(points: PointsLike, pointWeights?: ArrayLike<number>): number {
    const { logLikelihood, total } = this.#fitOf(points, pointWeights);
    return bic(this.parameters, logLikelihood, total);
  }

  /** Integrated completed likelihood criterion, BIC + 2 · entropy; lower is better. */
  icl(points: PointsLike, pointWeights?: ArrayLike<number>): number {
    const { logLikelihood, total, entropy } = this.#fitOf(points, pointWeights);
    return icl(this.parameters, logLikelihood, total, entropy);
  }

  /** Draws points. out: points count × d, and the component of each; the same seed draws the same */
  sample(count: number, seed: Seed = 0): { points: Float64Array; labels: Int32Array } {
    requireInteger("count", count, 1);
    requireSeed(seed);
    return drawFrom(this.parameters, count, randomStream(seed, "sample"));
  }

  toJSON(): MixtureJson {
    return mixtureToJson(this.parameters);
  }

  #evaluate<Q extends Quantity>(points: PointsLike, ...quantities: Q[]): Evaluated<Q> {
    return evaluateNow(tilePoints(points), this.parameters, quantities);
  }

  #fitOf(points: PointsLike, pointWeights?: ArrayLike<number>) {
    const tiles = tilePoints(points, pointWeights);
    const { logDensities, responsibilities } = evaluateNow(tiles, this.parameters, [
      "logDensities",
      "responsibilities",
    ]);
    const { count, pointWeights: weights } = tiles;
    const total = weightTotal(count, weights);
    const logarithms = responsibilities.map(Math.log);
    return {
      logLikelihood: total * weightedMean(logDensities, weights),
      total,
      entropy: -total * expectedLogLikelihood(logarithms, responsibilities, this.components, weights),
    };
  }
}

/** @throws INVALID_OPTION */
function ridgeOf(regularization: 0 | { readonly absolute: number }): number {
  if (regularization === 0) return 0;
  if (typeof regularization !== "object" || regularization === null) {
    throw invalidOption("regularization", "0 or { absolute: variance }", regularization);
  }
  requireRegularization(regularization);
  return regularization.absolute;
}

export interface PointsAndAssignmentProbs extends WeightedPoints {
  /** n × k, flat row-major or rows */
  readonly assignmentProbs: Responsibilities;
  /** Default "full". */
  readonly covarianceType?: CovarianceType;
  /** `{ absolute: ε }` adds ε to every diagonal entry. Default 0. */
  readonly regularization?: 0 | { readonly absolute: number };
}
