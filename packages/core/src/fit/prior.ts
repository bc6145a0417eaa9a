import type { Conjugate } from "../components/conjugate.ts";
import { isotropic, matrixOf, rescaleCovariances, type Shape } from "../covariance/covariances.ts";
import { expandCovariances } from "../covariance/public-shapes.ts";
import { power } from "../elementary/power.ts";
import { EmixError, invalidOption, invalidPrior } from "../errors.ts";
import { exponentOf } from "../linear-algebra/powers-of-two.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { mixtureFromParameters } from "../mixture/parameters.ts";
import { inStoredUnits } from "../mixture/units.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import { logVolume } from "../points/exponents.ts";
import { expectation } from "../step/expectation.ts";
import type { Prior } from "../step/prior/prior.ts";
import { priorOf } from "../step/prior/prior-of.ts";
import type { Rules } from "../step/rules.ts";
import type { PriorOptions, ResolvedFitOptions, ResolvedPriorOptions } from "./options/options.ts";
import type { Summary } from "./summary.ts";

/** The centre of a prior. */
type Centre = Pick<Conjugate, "means" | "meansResidual" | "scatter">;

/**
 * Options → the prior, or that of the rules (none) if the options have none.
 * @throws INVALID_OPTION, OVERFLOW, UNDERFLOW
 */
export async function priorFor(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  summary: Summary,
  rules: Rules,
): Promise<Prior> {
  const { prior, inference } = options;
  if (prior === null) return rules.prior;
  const conjugate = await conjugateFor(executor, { ...options, prior }, summary, rules);
  if (inference !== "variational") return priorOf({ kind: "mode", conjugate });
  const { weightConcentrationType = "process" } = prior;
  const setting = { weightConcentrationType, logVolume: logVolume(executor.tiles.exponents) };
  return priorOf({ kind: "variational", conjugate, setting });
}

/** Options of a prior → its numbers in stored units. @throws INVALID_OPTION, OVERFLOW, UNDERFLOW */
export async function conjugateFor(
  executor: AnyExecutor,
  options: ResolvedFitOptions & { readonly prior: ResolvedPriorOptions },
  summary: Summary,
  rules: Rules,
): Promise<Conjugate> {
  const { prior, inference } = options;
  const { features } = executor.tiles;
  const variational = inference === "variational";
  const degreesOfFreedom = prior.degreesOfFreedom ?? (variational ? features : features + 2);
  if (!(degreesOfFreedom > features - 1)) {
    throw invalidOption("prior.degreesOfFreedom", `above ${features - 1}, features − 1`, degreesOfFreedom);
  }
  return {
    weightConcentration: prior.weightConcentration,
    meanPrecision: prior.meanPrecision,
    degreesOfFreedom,
    ...(await centreOf(executor, options, prior, () => centreOfPoints(executor, options, summary, rules))),
    ridges: rules.regularization.ridges,
  };
}

/** The centre that the options state, completed by the points. */
async function centreOf(
  executor: AnyExecutor,
  options: ResolvedFitOptions,
  prior: PriorOptions,
  ofPoints: () => Promise<Centre>,
): Promise<Centre> {
  const { mean, covariance } = prior;
  const given = inStoredUnits(statedMixture(options, prior, executor.tiles.features), executor.tiles.exponents);
  const own = { means: given.means, meansResidual: given.meansResidual, scatter: matrixOf(given, given, 0) };
  if (mean !== undefined && covariance !== undefined) return own;
  const points = await ofPoints();
  if (mean !== undefined) return { ...own, scatter: points.scatter };
  return covariance === undefined ? points : { ...points, scatter: own.scatter };
}

/**
 * A mixture of one component with the user's mean and covariance; 0 and 1 stand for what is not stated. @throws
 * INVALID_OPTION
 */
function statedMixture(
  { covarianceType }: ResolvedFitOptions,
  { mean, covariance }: PriorOptions,
  features: number,
): Mixture {
  const shape = { components: 1, features, covarianceType };
  const identity = () => expandCovariances({ packedCovariances: isotropic(1, shape) }, shape);
  const means = mean ?? new Float64Array(features);
  if (typeof means !== "object" || means.length !== features) {
    throw invalidOption("prior.mean", `${features} numbers, one for each feature`, mean);
  }
  try {
    const covariances = typeof covariance === "number" ? [covariance] : (covariance ?? identity());
    return mixtureFromParameters({ weights: [1], means, covariances, covarianceType });
  } catch (error) {
    if (error instanceof EmixError) throw invalidPrior(error);
    throw error;
  }
}

/** Mean and covariance of all points: an E-step with one component, to which every point belongs. */
async function centreOfPoints(
  executor: AnyExecutor,
  { covarianceType, inference, components }: ResolvedFitOptions,
  { variances, means, weightTotal }: Summary,
  rules: Rules,
): Promise<Centre> {
  if (!(weightTotal > 1)) {
    throw invalidOption("prior.covariance", "given where the total weight of the points is at most 1", undefined);
  }
  const features = means.length;
  const all = { ...unitMixture({ components: 1, features, covarianceType }, variances), means };
  const found = await expectation(executor, all, rules);
  const share = inference === "variational" ? 1 : power(components, -2 / features);
  const scale = share * (weightTotal / (weightTotal - 1));
  const { covariance, factor } = matrixOf(found, all, 0);
  return {
    means: found.means,
    meansResidual: found.meansResidual,
    scatter: {
      covariance: covariance.map((value) => value * scale),
      factor: factor.map((value) => value / Math.sqrt(scale)),
    },
  };
}

/**
 * One component about 0. Its standard deviations are powers of two, so scaling features by such powers changes no bit.
 */
function unitMixture(shape: Shape, variances: Float64Array): Mixture {
  const one = isotropic(1, shape);
  const deviations = Array.from(variances, (variance) => Math.floor(exponentOf(variance) / 2));
  const zeros = new Float64Array(shape.features);
  return {
    ...shape,
    weights: Float64Array.of(1),
    means: zeros,
    meansResidual: zeros,
    ...rescaleCovariances({ packedCovariances: one, factors: one }, shape, deviations),
  };
}
