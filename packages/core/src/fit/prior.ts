import { type Covariances, covarianceForm } from "../covariance/covariance.ts";
import type { Regularization } from "../covariance/regularization.ts";
import { EmixError, invalidOption, invalidPrior } from "../errors.ts";
import { exponentOf } from "../linear-algebra/powers-of-two.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { mixtureFromParameters } from "../mixture/parameters.ts";
import { inStoredUnits, inUnitsOfPoints } from "../mixture/units.ts";
import type { WeightConcentrationType } from "../mixture/weight-concentration.ts";
import type { Executor } from "../passes/executor.ts";
import { estimation } from "../step/expectation.ts";
import type { Inference, PriorOptions, ResolvedFitOptions } from "./options.ts";
import type { Summary } from "./summary.ts";

/**
 * The conjugate prior of a mixture (derivation.md §12), in the units of stored points: weights by a Dirichlet or a
 * stick-breaking process, means normal about one mean, covariances inverse Wishart (diag and spherical: inverse χ²).
 */
export interface Prior {
  readonly inference: Inference;
  readonly weightConcentrationType: WeightConcentrationType;
  /** α₀ */
  readonly weightConcentration: number;
  /** β₀ */
  readonly meanPrecision: number;
  /** ν₀ */
  readonly degreesOfFreedom: number;
  /** m₀ as two doubles, d */
  readonly means: Float64Array;
  readonly meansResidual: Float64Array;
  /** Ψ₀ of one component */
  readonly covariances: Covariances;
  /** d, variances added to those of the points before the prior meets them: scikit-learn's `reg_covar` */
  readonly ridges: Float64Array;
}

/** Where a prior is centred. */
type Centre = Pick<Prior, "means" | "meansResidual" | "covariances">;

/** Options → the prior; undefined where there is none. @throws INVALID_OPTION, OVERFLOW, UNDERFLOW */
export async function priorFor(
  executor: Executor,
  options: ResolvedFitOptions,
  summary: Summary,
  regularization: Regularization,
): Promise<Prior | undefined> {
  const { prior, inference, components } = options;
  if (prior === null) return undefined;
  const { features } = executor.tiles;
  const variational = inference === "variational";
  const degreesOfFreedom = prior.degreesOfFreedom ?? (variational ? features : features + 2);
  if (!(degreesOfFreedom > features - 1)) {
    throw invalidOption("prior.degreesOfFreedom", `above ${features - 1}, features − 1`, degreesOfFreedom);
  }
  return {
    inference,
    weightConcentrationType: prior.weightConcentrationType ?? "process",
    weightConcentration: prior.weightConcentration ?? (variational ? 1 / components : 1),
    meanPrecision: prior.meanPrecision ?? (variational ? 1 : 0.01),
    degreesOfFreedom,
    ...(await centreOf(executor, options, prior, summary, regularization)),
    ridges: regularization.ridges,
  };
}

async function centreOf(
  executor: Executor,
  options: ResolvedFitOptions,
  prior: PriorOptions,
  summary: Summary,
  regularization: Regularization,
): Promise<Centre> {
  const { mean, covariance } = prior;
  const given = inStoredUnits(stated(options, prior, executor.tiles.features), executor.tiles.exponents);
  const own = { ...given, covariances: given };
  if (mean !== undefined && covariance !== undefined) return own;
  const data = await centreOfPoints(executor, options, summary, regularization);
  if (mean !== undefined) return { ...data, means: own.means, meansResidual: own.meansResidual };
  return covariance === undefined ? data : { ...data, covariances: own.covariances };
}

/** The mixture of one component that a user's mean and covariance make; what is not stated is 0 or 1. @throws INVALID_OPTION */
function stated({ covarianceType }: ResolvedFitOptions, { mean, covariance }: PriorOptions, features: number): Mixture {
  const form = covarianceForm(covarianceType);
  const identity = () => form.expandCovariances(form.isotropic(1, 1, features), 1, features);
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

/** Mean and covariance of all points: the E-step of one component, to which every point belongs. */
async function centreOfPoints(
  executor: Executor,
  { covarianceType, inference, components }: ResolvedFitOptions,
  { variances, means, weightTotal }: Summary,
  regularization: Regularization,
): Promise<Centre> {
  if (!(weightTotal > 1))
    throw invalidOption("prior.covariance", "given for points of a total weight up to 1", undefined);
  const features = means.length;
  const form = covarianceForm(covarianceType);
  // Standard deviations that are powers of two, so that scaling features by others changes no bit.
  const one = form.isotropic(1, 1, features);
  const deviations = Array.from(variances, (variance) => Math.floor(exponentOf(variance) / 2));
  const all = {
    components: 1,
    features,
    covarianceType,
    weights: Float64Array.of(1),
    means,
    meansResidual: new Float64Array(features),
    ...form.rescale({ packedCovariances: one, factors: one }, deviations),
  };
  const { exponents } = executor.tiles;
  const estimate = await estimation(executor, inUnitsOfPoints(all, exponents), regularization);
  const share = inference === "variational" ? 1 : components ** (-2 / features);
  const scale = share * (weightTotal / (weightTotal - 1));
  return {
    means: estimate.means,
    meansResidual: estimate.meansResidual,
    covariances: {
      packedCovariances: estimate.packedCovariances.map((value) => value * scale),
      factors: estimate.factors.map((value) => value / Math.sqrt(scale)),
    },
  };
}
