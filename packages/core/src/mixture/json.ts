import { diagonalsOf, matrixOf, owners } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { expandCovariances } from "../covariance/public-shapes.ts";
import { scatterLength } from "../covariance/shape.ts";
import { COVARIANCE_TYPES, type CovarianceType } from "../covariance/types.ts";
import type { EmixError } from "../errors.ts";
import {
  concentrationType,
  factorDiagonal,
  factorsDisagree,
  modelNumbers,
  modelNumbersAbove,
  modelVersion,
  notModel,
  residualsTooLarge,
  sizesDiffer,
  transformedColumns,
  unknownCovarianceType,
  unusableParameters,
} from "./errors.ts";
import type { Mixture, MixtureWithoutFactors } from "./mixture.ts";
import { openParameters } from "./parameters.ts";
import type { Posterior } from "./posterior.ts";
import { WEIGHT_CONCENTRATION_TYPES, type WeightConcentrationType } from "./weight-concentration.ts";

/**
 * A mixture as JSON, with every bit: a model file without its optional parts (docs/model.schema.json). Arrays are flat
 * and row-major, with the shapes of `GaussianMixture`.
 */
export interface MixtureJson {
  /** says what the JSON is */
  readonly format: "emix-model";
  /** the version of the format */
  readonly version: 2;
  /** the shape of the covariances */
  readonly covarianceType: CovarianceType;
  /** k */
  readonly components: number;
  /** d */
  readonly features: number;
  /** k */
  readonly weights: number[];
  /** k × d */
  readonly means: number[];
  /** k × d */
  readonly meansResidual: number[];
  /** full k × d × d, tied d × d, diag k × d, spherical k, tied-diag d, tied-spherical 1 */
  readonly covariances: number[];
  /**
   * The state: W = L⁻¹, lower triangles packed by rows (diagonal and scalar types: 1/σ). Covariances follow from it.
   */
  readonly factors: number[];
  /** after a variational fit; as in `Posterior` */
  readonly posterior?: PosteriorJson;
}

/** A `Posterior` as JSON. */
export interface PosteriorJson {
  /** what the weights are drawn from */
  readonly weightConcentrationType: WeightConcentrationType;
  /** "distribution": k; "process": 2k */
  readonly weightConcentration: number[];
  /** k */
  readonly meanPrecision: number[];
  /** k */
  readonly degreesOfFreedom: number[];
}

const VERSION = 2;

export function mixtureToJson(mixture: Mixture): MixtureJson {
  const { components, features, covarianceType, posterior } = mixture;
  return {
    format: "emix-model",
    version: VERSION,
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

/**
 * Reads the mixture of a model.
 * @throws BAD_MODEL_FILE, also if the mixture describes transformed columns
 */
export function mixtureFromJson(json: unknown): Mixture {
  const given = parametersIn(json);
  if (given.transforms !== undefined) throw transformedColumns();
  return openMixture(given);
}

/** Version 1 was named "emix-mixture"; the command wrote it inside an "emix-model". */
function parametersIn(json: unknown): Partial<MixtureJson> & { readonly transforms?: unknown } {
  const given = (json ?? {}) as { format?: unknown; version?: unknown; mixture?: unknown };
  const { format, version, mixture } = given;
  if (format !== "emix-model" && format !== "emix-mixture") throw notModel(json);
  if (version !== 1 && (version !== VERSION || format === "emix-mixture")) throw modelVersion(VERSION, version);
  if (version === VERSION || format === "emix-mixture") return given as Partial<MixtureJson>;
  const inner = (mixture ?? {}) as { format?: unknown; version?: unknown };
  if (inner.format === "emix-model" && inner.version !== VERSION) throw notModel(mixture);
  return parametersIn(mixture);
}

/** @throws BAD_MODEL_FILE */
function openMixture(given: Partial<MixtureJson>): Mixture {
  const mixture = parametersOf(given);
  const { components, features, covarianceType, means } = mixture;
  const factors = finite("factors", given.factors, scatterLength(components, features, covarianceType));
  const meansResidual = finite("meansResidual", given.meansResidual, means.length);
  if (meansResidual.some((residual, i) => means[i] + residual !== means[i])) throw residualsTooLarge();
  if (given.components !== components || given.features !== features) throw sizesDiffer();
  checkFactors(mixture, factors);
  const opened = { ...mixture, meansResidual, factors };
  return given.posterior === undefined ? opened : { ...opened, posterior: posteriorFromJson(given.posterior, mixture) };
}

/** @throws BAD_MODEL_FILE */
function checkFactors(mixture: MixtureWithoutFactors, factors: Float64Array): void {
  if (!diagonalsOf(factors, mixture).every((value) => value > 0)) throw factorDiagonal();
  if (!agree(mixture, factors)) throw factorsDisagree();
}

/** @throws BAD_MODEL_FILE */
function posteriorFromJson(
  given: Partial<PosteriorJson> | null,
  { components, features }: MixtureWithoutFactors,
): Posterior {
  const type = given?.weightConcentrationType;
  if (!WEIGHT_CONCENTRATION_TYPES.some((known) => known === type)) {
    throw concentrationType(WEIGHT_CONCENTRATION_TYPES, type);
  }
  const above = (least: number, name: Exclude<keyof PosteriorJson, "weightConcentrationType">, length: number) => {
    const values = finite(name, given?.[name], length);
    if (!values.every((value) => value > least)) throw modelNumbersAbove(name, least);
    return values;
  };
  return {
    weightConcentrationType: type as WeightConcentrationType,
    weightConcentration: above(0, "weightConcentration", components * (type === "process" ? 2 : 1)),
    meanPrecision: above(0, "meanPrecision", components),
    degreesOfFreedom: above(features - 1, "degreesOfFreedom", components),
  };
}

/** Far above what rounding takes from nearly singular covariances, far below any edit that matters. */
const AGREEMENT = 1e-6;

/** Is Σ = L Lᵀ with L = W⁻¹, each entry on the scale of its two variances? */
function agree(mixture: MixtureWithoutFactors, factors: Float64Array): boolean {
  const form = matrixForm(mixture.covarianceType);
  return owners(mixture).every(([component]) =>
    form.agrees(matrixOf({ ...mixture, factors }, mixture, component), mixture.features, AGREEMENT),
  );
}

/** Reads the parameters. Covariances need no factor of their own: nearly singular ones may have none. */
function parametersOf(given: Partial<MixtureJson>): MixtureWithoutFactors {
  const { weights = [], means = [], covariances = [], covarianceType } = given;
  try {
    if (covarianceType === undefined) throw unknownCovarianceType(COVARIANCE_TYPES, covarianceType);
    return openParameters({ weights, means, covariances, covarianceType });
  } catch (error) {
    throw unusableParameters(error as EmixError);
  }
}

function finite(name: string, values: unknown, length: number): Float64Array {
  if (!Array.isArray(values) || values.length !== length || !values.every((value) => Number.isFinite(value))) {
    throw modelNumbers(name, length);
  }
  return Float64Array.from(values as number[]);
}
