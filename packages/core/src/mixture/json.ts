import { diagonalsOf, matrixOf, owners } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { expandCovariances } from "../covariance/public-shapes.ts";
import { scatterLength } from "../covariance/shape.ts";
import type { CovarianceType } from "../covariance/types.ts";
import { EmixError } from "../errors.ts";
import type { Mixture, MixtureWithoutFactors } from "./mixture.ts";
import { openParameters } from "./parameters.ts";
import type { Posterior } from "./posterior.ts";
import { WEIGHT_CONCENTRATION_TYPES, type WeightConcentrationType } from "./weight-concentration.ts";

/** A mixture as JSON; numbers keep every bit. Arrays are flat and row-major, shapes as in `GaussianMixture`. */
export interface MixtureJson {
  readonly format: "emix-mixture";
  readonly version: 1;
  readonly covarianceType: CovarianceType;
  readonly components: number;
  readonly features: number;
  readonly weights: number[];
  readonly means: number[];
  readonly meansResidual: number[];
  readonly covariances: number[];
  /** The state proper: W = L⁻¹, lower triangles packed by rows (diag, spherical: 1/σ); covariances are a view of it. */
  readonly factors: number[];
  /** of a variational fit; as `Posterior` */
  readonly posterior?: PosteriorJson;
}

interface PosteriorJson {
  readonly weightConcentrationType: WeightConcentrationType;
  readonly weightConcentration: number[];
  readonly meanPrecision: number[];
  readonly degreesOfFreedom: number[];
}

export function mixtureToJson(mixture: Mixture): MixtureJson {
  const { components, features, covarianceType, posterior } = mixture;
  return {
    format: "emix-mixture",
    version: 1,
    covarianceType,
    components,
    features,
    weights: [...mixture.weights],
    means: [...mixture.means],
    meansResidual: [...mixture.meansResidual],
    covariances: [...expandCovariances(mixture, mixture)],
    factors: [...mixture.factors],
    ...(posterior && { posterior: posteriorToJson(posterior) }),
  };
}

function posteriorToJson(posterior: Posterior): PosteriorJson {
  return {
    weightConcentrationType: posterior.weightConcentrationType,
    weightConcentration: [...posterior.weightConcentration],
    meanPrecision: [...posterior.meanPrecision],
    degreesOfFreedom: [...posterior.degreesOfFreedom],
  };
}

/** @throws BAD_MODEL_FILE */
export function mixtureFromJson(json: unknown): Mixture {
  const given = json as Partial<MixtureJson> | null;
  if (typeof given !== "object" || given === null || given.format !== "emix-mixture") {
    throw badModel(
      'Expected a model with format "emix-mixture"; write one with `emix fit` or `JSON.stringify(mixture)`.',
    );
  }
  if (given.version !== 1) throw badModel(`Expected model version 1, got ${String(given.version)}; update emix.`);
  const mixture = parametersOf(given);
  const length = scatterLength(mixture.components, mixture.features, mixture.covarianceType);
  const factors = finite("factors", given.factors, length);
  const meansResidual = finite("meansResidual", given.meansResidual, mixture.means.length);
  if (meansResidual.some((residual, i) => mixture.means[i] + residual !== mixture.means[i])) {
    throw badModel("Expected `meansResidual` of the model to be what rounding took from `means`.");
  }
  if (given.components !== mixture.components || given.features !== mixture.features) {
    throw badModel("Expected `components` and `features` to fit the arrays of the model.");
  }
  if (!diagonalsOf(factors, mixture).every((value) => value > 0)) {
    throw badModel("Expected `factors` with positive diagonals.");
  }
  if (!agree(mixture, factors)) throw badModel("Expected `covariances` of the model to be those of its `factors`.");
  const opened = { ...mixture, meansResidual, factors };
  return given.posterior === undefined ? opened : { ...opened, posterior: posteriorFromJson(given.posterior, mixture) };
}

/** @throws BAD_MODEL_FILE */
function posteriorFromJson(
  given: Partial<PosteriorJson> | null,
  { components, features }: MixtureWithoutFactors,
): Posterior {
  const type = given?.weightConcentrationType;
  if (!WEIGHT_CONCENTRATION_TYPES.some((known) => known === type)) {
    throw badModel(`Expected \`weightConcentrationType\` of the posterior to be process or distribution, got ${type}.`);
  }
  const above = (least: number, name: Exclude<keyof PosteriorJson, "weightConcentrationType">, length: number) => {
    const values = finite(name, given?.[name], length);
    if (!values.every((value) => value > least)) throw badModel(`Expected \`${name}\` of the model above ${least}.`);
    return values;
  };
  return {
    weightConcentrationType: type as WeightConcentrationType,
    weightConcentration: above(0, "weightConcentration", components * (type === "process" ? 2 : 1)),
    meanPrecision: above(0, "meanPrecision", components),
    degreesOfFreedom: above(features - 1, "degreesOfFreedom", components),
  };
}

/** Far above what rounding takes from near-singular covariances, far below any edit that matters. */
const AGREEMENT = 1e-6;

/** Is Σ = L Lᵀ with L = W⁻¹, each entry on the scale of its two variances? */
function agree(mixture: MixtureWithoutFactors, factors: Float64Array): boolean {
  const form = matrixForm(mixture.covarianceType);
  return owners(mixture).every(([component]) =>
    form.agrees(matrixOf({ ...mixture, factors }, mixture, component), mixture.features, AGREEMENT),
  );
}

/** Covariances need no factor of their own: near-singular ones are a view of the factor, and may have none. */
function parametersOf(given: Partial<MixtureJson>): MixtureWithoutFactors {
  const { weights = [], means = [], covariances = [], covarianceType } = given;
  try {
    return openParameters({
      weights,
      means,
      covariances,
      covarianceType: String(covarianceType) as CovarianceType,
    });
  } catch (error) {
    throw badModel(`Not a usable model: ${(error as Error).message}`, error);
  }
}

function finite(name: string, values: unknown, length: number): Float64Array {
  if (!Array.isArray(values) || values.length !== length || !values.every((value) => Number.isFinite(value))) {
    throw badModel(`Expected \`${name}\` of the model to be ${length} finite numbers.`);
  }
  return Float64Array.from(values as number[]);
}

function badModel(message: string, cause?: unknown): EmixError {
  return new EmixError("BAD_MODEL_FILE", message, {}, cause);
}
